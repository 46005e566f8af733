package dev.lockstep.podman;

import static dev.lockstep.podman.OciFixture.CONFIG;
import static dev.lockstep.podman.OciFixture.LAYER;
import static dev.lockstep.podman.OciFixture.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciImagesTest {
    private static final String NAME = "registry.example/app:1";
    private static final ImageReference REFERENCE = ImageReference.parse(NAME);
    private static final PullOptions AMD64 = platform("amd64");

    @TempDir
    Path path = Path.of("");

    private OciFixture stick() throws IOException {
        return new OciFixture(path.resolve("stick"));
    }

    private static PullOptions platform(String architecture) {
        return new PullOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.of(architecture),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void anImageIsFoundByItsNameAndByItsDigest() throws Exception {
        OciFixture fixture = stick();
        String manifest = fixture.image(CONFIG, LAYER);
        OciImages images = fixture.name(NAME, manifest).open();
        ResolvedImage expected = new ResolvedImage(
                REFERENCE,
                manifest,
                manifest,
                digest(CONFIG),
                List.of(new ResolvedImage.Blob(digest(LAYER), LAYER.length())));

        assertThat(images.resolve(REFERENCE, PullOptions.DEFAULT)).contains(expected);
        assertThat(images.resolve(REFERENCE.at(manifest), PullOptions.DEFAULT))
                .map(ResolvedImage::digest)
                .contains(manifest);
        assertThat(images.holds(expected)).isTrue();
        assertThat(images.resolve(ImageReference.parse("registry.example/app:2"), PullOptions.DEFAULT))
                .isEmpty();
        assertThat(images.resolve(REFERENCE.at("sha256:" + "0".repeat(64)), PullOptions.DEFAULT))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.io/nginx:1", "docker.io/library/nginx:1"})
    void namesOfOtherProgramsAreReadAsPodmanReadsThem(String name) throws Exception {
        OciFixture fixture = stick();
        OciImages images = fixture.name("1", "sha256:" + "0".repeat(64))
                .name(name, fixture.image(CONFIG, LAYER))
                .open();

        assertThat(images.resolve(ImageReference.parse("docker.io/library/nginx:1"), PullOptions.DEFAULT))
                .isPresent();
    }

    @Test
    void ofAListTheWantedPlatformIsEnough() throws Exception {
        OciFixture fixture = stick();
        String image = fixture.image(CONFIG, LAYER);
        String list = fixture.blob(OciFixture.list("amd64", image, "arm64", "sha256:" + "1".repeat(64)));
        OciImages images = fixture.name(NAME, list).open();

        assertThat(images.resolve(REFERENCE, AMD64)).map(ResolvedImage::digest).contains(image);
        assertThat(images.resolve(REFERENCE.at(list), AMD64))
                .map(ResolvedImage::platformDigest)
                .contains(image);
        // It was left out when the directory was made; its registry may have it.
        assertThat(images.resolve(REFERENCE, platform("arm64"))).isEmpty();
        assertThatThrownBy(() -> images.resolve(REFERENCE, platform("s390x")))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.IMAGE_WRONG_PLATFORM));
    }

    private static void isUnusable(ThrowingRunnable work, String... texts) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.OCI_UNUSABLE))
                .hasMessageContainingAll(texts);
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    @Test
    void aLayerThatIsNotThereOrCutOffIsToldBeforeAnythingIsPulled() throws Exception {
        OciFixture fixture = stick();
        String manifest = fixture.image(CONFIG, LAYER);
        OciImages images = fixture.name(NAME, manifest).open();
        ResolvedImage image = images.resolve(REFERENCE, PullOptions.DEFAULT).orElseThrow();

        Files.writeString(fixture.file(digest(LAYER)), "half");
        isUnusable(() -> images.resolve(REFERENCE, PullOptions.DEFAULT), NAME, digest(LAYER), "4 bytes instead of 22");
        Files.delete(fixture.file(digest(LAYER)));
        isUnusable(() -> images.holds(image), fixture.directory.toString(), NAME, digest(LAYER), "is not there");
    }

    @Test
    void aBlobThatIsALinkIsNone() throws Exception {
        OciFixture fixture = stick();
        String manifest = fixture.image(CONFIG, LAYER);
        OciImages images = fixture.name(NAME, manifest).open();
        Path layer = fixture.file(digest(LAYER));
        Files.move(layer, path.resolve("elsewhere"));
        Files.createSymbolicLink(layer, path.resolve("elsewhere"));

        isUnusable(() -> images.resolve(REFERENCE, PullOptions.DEFAULT), "is not there");
    }

    @Test
    void aManifestThatIsNotWhatItsNameSaysIsRefused() throws Exception {
        OciFixture fixture = stick();
        String manifest = fixture.image(CONFIG, LAYER);
        OciImages images = fixture.name(NAME, manifest).open();
        Files.writeString(fixture.file(manifest), OciFixture.manifest(CONFIG, "another layer"));

        isUnusable(() -> images.resolve(REFERENCE, PullOptions.DEFAULT), manifest, "is not what its digest says");
    }

    @Test
    void aDirectoryThatIsNotThereOrNotOneOrNotFinishedIsRefused() throws IOException {
        OciFixture fixture = stick();
        isUnusable(() -> OciImages.open(new OciDirectory(path.resolve("gone"))), "there is no directory");
        isUnusable(() -> OciImages.open(new OciDirectory(path)), "is not an OCI directory");
        isUnusable(() -> OciImages.open(fixture.directory), "is not finished");
        Files.writeString(fixture.directory.path().resolve("index.json"), "[]");
        isUnusable(() -> OciImages.open(fixture.directory), "index.json");
    }

    @Test
    void aDirectoryIsSpelledAsForOtherTools() {
        assertThat(OciDirectory.parse("oci:/run/media/stick")).hasToString("oci:/run/media/stick");
        assertThat(OciDirectory.parse("oci:here"))
                .hasToString("oci:" + Path.of("here").toAbsolutePath());
        for (String wrong : List.of("oci:", "/run/media/stick", "dir:/x", "oci-archive:/x.tar", "")) {
            assertThatThrownBy(() -> OciDirectory.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "'");
        }
    }
}
