package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code lockstep images pull}: a store that is filled before anything is deployed works where it is booted. */
class ImagesPullIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Fleet fleet = Fleet.shared();

    private static Run pull(Path root, Object... more) {
        return Run.of(Fleet.LOCKSTEP, "images", "pull", "--root", root).and(more);
    }

    private Path treeOfVersion2() {
        Path tree = fleet.fresh("tree");
        Run.of(Fleet.SCRIPTS.resolve("fixture"), "tree", tree, "2")
                .and(fleet.image("app-1:1"), fleet.image("app-2:1"), fleet.image("app-3:2"), fleet.image("app-4:1"))
                .and(fleet.image("app-5:2"), fleet.image("shared:stable"))
                .end()
                .expect(0);
        return tree;
    }

    @Test
    void aStoreThatWasFilledInARootServesTheSysrootItIsMovedTo() throws IOException {
        Path tree = treeOfVersion2();
        Path filled = tree.resolve("var/lib/lockstep");
        try (Sysroot sysroot = fleet.emptySysroot(fleet.fresh("sysroot"))) {
            JsonNode answer = JSON.readTree(pull(tree, "--json").end().expect(0).output());
            assertThat(answer.path("fetched").asInt()).isEqualTo(6);
            assertThat(answer.path("images"))
                    .allSatisfy(
                            image -> assertThat(image.path("state").asText()).isEqualTo("present"));
            assertThat(pull(tree).end().expect(0).output())
                    .startsWith("Filled: every image")
                    .contains("0 fetched, 0 repaired, 6 present before");
            assertThat(sysroot.state()).doesNotExist();

            Files.createDirectories(sysroot.state().getParent());
            Run.of("mv", filled, sysroot.state()).end().expect(0);
            long before = fleet.logPosition();
            assertThat(sysroot.upgrade().end().expect(0).output()).contains("0 fetched, 0 repaired, 6 present before");

            Set<String> system = fleet.blobs("os:2").keySet();
            assertThat(fleet.blobs("app-1:1", "app-3:2", "app-5:2", "shared:stable")
                            .keySet())
                    .filteredOn(blob -> fleet.fetchedSince(before).containsKey(blob))
                    .allMatch(blob -> system.contains(blob) || isConfiguration(blob));
            sysroot.lockstep("bind").end().expect(0);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2"), List.of()));
        } finally {
            Fleet.fixture("remove-runtime", filled);
        }
    }

    /** Resolving reads these. */
    private boolean isConfiguration(String blob) {
        return List.of("app-1:1", "app-3:2", "app-5:2", "shared:stable").stream()
                .anyMatch(name -> fleet.configuration(name).equals(blob));
    }

    @Test
    void aHostInstalledByAnotherProgramNeedsNoRegistryForItsFirstBoot() throws IOException {
        Path directory = fleet.fresh("offline");
        String registry = Fleet.fixture("registry-start", directory.resolve("registry"));
        try (Sysroot sysroot = fleet.emptySysroot(directory.resolve("sysroot"))) {
            Fleet.fixture("image", registry + "/a:1", "a");
            Fleet.fixture("image", registry + "/b:1", "b");
            Path tree = directory.resolve("tree");
            Fleet.fixture("tree", tree, "7", registry + "/a:1", registry + "/b:1");
            pull(tree, "--store", sysroot.store()).end().expect(0);
            assertThat(tree.resolve("var/lib/lockstep")).doesNotExist();
            sysroot.commitTree(tree, "os/7");
            Run.of("ostree", "admin", "deploy", "--sysroot=" + sysroot.directory(), "--os=os", "os/7")
                    .end()
                    .expect(0);
            Fleet.fixture("registry-stop", directory.resolve("registry"));

            assertThat(sysroot.lockstep("gc").end().expect(0).output()).startsWith("Nothing to remove");
            assertThat(sysroot.lockstep("repair").end().expect(0).output()).contains("0 fetched", "2 present before");
            sysroot.lockstep("bind").end().expect(0);

            assertThat(sysroot.names()).containsKeys(registry + "/a:1", registry + "/b:1");
            assertThat(sysroot.lockstep("verify", "--deep").end().expect(0).output())
                    .startsWith("Every image of the deployment that boots next is whole");
        } finally {
            Fleet.fixture("registry-stop", directory.resolve("registry"));
        }
    }

    @Test
    void tagsAreReplacedByDigestsWhereARootIsBuiltAndOnlyWhenEachIsKnown() throws IOException {
        Path tree = treeOfVersion2();
        Run lint = Run.of(Fleet.LOCKSTEP, "lint", "--root", tree, "--fix-dropins", "--digests");
        List<String> tags = named(tree);
        String tagOfToml = fleet.image("shared:stable");
        assertThat(tags).hasSize(6).noneMatch(name -> name.contains("@"));

        Path unit = tree.resolve("usr/share/containers/systemd/away.image");
        Files.writeString(unit, "[Image]\nImage=" + fleet.image("never-pushed:1") + "\nTLSVerify=false\n");
        Path link = tree.resolve("usr/lib/lockstep/bound-images.d/away.image");
        Files.createSymbolicLink(link, Path.of("/usr/share/containers/systemd/away.image"));
        assertThat(lint.end().expect(1).errors()).contains("IMAGE_NOT_FOUND", "never-pushed:1", "nothing was written");
        assertThat(named(tree)).containsAll(tags);
        Files.delete(link);

        assertThat(lint.end().expect(0).output()).contains("51-lockstep-digest.conf");

        assertThat(named(tree))
                .hasSize(6)
                .filteredOn(name -> !name.contains("@sha256:"))
                .containsExactly(tagOfToml);
        assertThat(named(tree)).contains(fleet.image("app-3@" + fleet.digest("app-3:2")));
        assertThat(pull(tree, "--json").end().expect(0).output()).contains("\"fetched\" : 6");
        Fleet.fixture("remove-runtime", tree.resolve("var/lib/lockstep"));
    }

    private static List<String> named(Path tree) throws IOException {
        String answer = Run.of(Fleet.LOCKSTEP, "images", "list", "--root", tree, "--format", "json")
                .end()
                .expect(0)
                .output();
        return JSON.readTree(answer).path("images").findValuesAsText("image");
    }

    @Test
    void aLinkOfTheRootIsNotFollowedToTheHost() throws IOException {
        Path root = fleet.fresh("linked");
        Path elsewhere = Files.createDirectories(fleet.fresh("elsewhere"));
        Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("var"), elsewhere);

        Run.Ended ended = pull(root).end().expect(2);

        assertThat(ended.errors()).contains("USAGE", root.resolve("var") + " is a link", "--store");
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(pull(root, "--store", elsewhere).end().expect(2).errors()).contains("could not become");
    }
}
