package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredImageTest {

    @TempDir
    Path directory;

    private TestingHost host = TestingHost.nowhere();

    @BeforeEach
    void anImageInAStore() throws Exception {
        host = TestingHost.ready(directory);
        assertThat(check()).isEmpty();
    }

    private Optional<String> check() {
        return StoredImage.check(List.of(host.image(), host.image()));
    }

    private String named(String damage) {
        return "the image " + TestingHost.DIGEST + " in " + directory.resolve("store") + ": " + damage;
    }

    @Test
    void anImageThatIsNotListedIsMissed() throws Exception {
        host.write("store/overlay-images/images.json", "[]");
        assertThat(check()).contains(named("the store has no image 111111111111"));
        Files.delete(directory.resolve("store/overlay-images/images.json"));
        assertThat(check()).contains(named("the store has no image 111111111111"));
    }

    @Test
    void aListThatIsBrokenIsTold() throws Exception {
        for (String broken : List.of("", "[{\"id\":\"" + TestingHost.IMAGE, "{}", "null", "[1]", "[{}]")) {
            host.write("store/overlay-images/images.json", broken);
            assertThat(check())
                    .as(broken)
                    .hasValueSatisfying(text -> assertThat(text)
                            .contains(
                                    "cannot be looked for: " + directory.resolve("store/overlay-images/images.json")));
        }
    }

    @Test
    void anotherDigestOfTheImageIsMissed() throws Exception {
        StoredImage other = new StoredImage(
                host.image().graphRoot(), TestingHost.IMAGE, "sha256:" + "9".repeat(64), List.of(TestingHost.LAYER));
        assertThat(other.check()).hasValueSatisfying(text -> assertThat(text).endsWith("its manifest is gone"));
    }

    @Test
    void aManifestThatIsNotListedIsMissed() throws Exception {
        host.write(
                "store/overlay-images/images.json",
                "[{\"id\":\"" + TestingHost.IMAGE + "\",\"big-data-names\":[\"manifest\"]}]");
        assertThat(check()).contains(named("its manifest is gone"));
    }

    @Test
    void aManifestThatIsGoneIsMissed() throws Exception {
        try (var files = Files.newDirectoryStream(
                directory.resolve("store/overlay-images").resolve(TestingHost.IMAGE))) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        assertThat(check()).contains(named("its manifest is gone"));
    }

    @Test
    void aLayerWithoutFilesIsMissed() throws Exception {
        Files.delete(host.layer().resolve("diff"));
        assertThat(check()).contains(named("the layer 333333333333 has no files"));
    }

    @Test
    void aLayerThatWasFetchedAnewIsNotTheOneThatWasConfirmed() throws Exception {
        host.write("store/overlay/" + TestingHost.LAYER.id() + "/link", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ");
        assertThat(check()).contains(named("the layer 333333333333 is not the one that was confirmed"));
        Files.delete(host.layer().resolve("link"));
        assertThat(check()).contains(named("the layer 333333333333 is not the one that was confirmed"));
    }
}
