package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a root's configuration says that a short name may mean, {@code containers-registries.conf(5)}. */
final class ShortNamesTest {
    @TempDir
    Path directory;

    private String hint(TestRoot root, String image) {
        BoundImages bound =
                root.bound("a.image", "[Image]\nImage=" + image + "\n").read();
        assertThat(Told.problems(bound)).containsExactly("IMAGE_REFERENCE a.image:2 Image");
        return bound.problems().getFirst().hint();
    }

    @Test
    void withoutConfigurationDockerHubsNameIsShown() {
        assertThat(hint(TestRoot.in(directory), "nginx:1"))
                .isEqualTo("write the registry before it; docker.io/library/nginx:1 is Docker Hub's");
    }

    @Test
    void theRegistriesThatAreSearchedGiveTheCandidates() {
        TestRoot root = TestRoot.in(directory)
                .file("/etc/containers/registries.conf", "unqualified-search-registries = ['docker.io', 'quay.io', 1]");
        assertThat(hint(root, "app")).isEqualTo("write docker.io/library/app:latest or quay.io/app:latest");
    }

    @Test
    void anAliasIsTheOnlyCandidateAndLaterFilesWin() {
        TestRoot root = TestRoot.in(directory)
                .file("/usr/share/containers/registries.conf", "unqualified-search-registries = ['quay.io']")
                .file("/usr/share/containers/registries.conf.d/000.conf", "[aliases]\n'app' = 'vendor.example/app'")
                .file("/etc/containers/registries.conf.d/a.conf", "[aliases]\n'app' = 'one.example/app'")
                .file("/etc/containers/registries.conf.d/b.conf", "[aliases]\n'app' = 'two.example/x/app'")
                .file("/etc/containers/registries.conf.d/c.other", "[aliases]\n'app' = 'three.example/app'");
        assertThat(hint(root, "app:1")).isEqualTo("write two.example/x/app:1");
        assertThat(root.file(TestRoot.QUADLETS + "/a.image", "[Image]\nImage=other:1\n")
                        .read()
                        .problems()
                        .getFirst()
                        .hint())
                .isEqualTo("write quay.io/other:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unqualified-search-registries = [", "/\u001aq\n[ddd##'\u000b\t", "aliases = 1", "\u0000"})
    void aConfigurationThatIsNoneGivesNoCandidates(String text) {
        TestRoot root = TestRoot.in(directory).file("/etc/containers/registries.conf", text);
        assertThat(hint(root, "app")).startsWith("write the registry before it");
    }

    @Test
    void aManifestsAndATablesShortNamesHaveThemToo() {
        TestRoot root = TestRoot.in(directory)
                .file("/etc/containers/registries.conf", "unqualified-search-registries = ['quay.io']")
                .file("/usr/lib/lockstep/bound-images/a.toml", "[[image]]\nimage = 'app:1'\n");
        assertThat(root.read().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.hint()).isEqualTo("write quay.io/app:1"));
    }
}
