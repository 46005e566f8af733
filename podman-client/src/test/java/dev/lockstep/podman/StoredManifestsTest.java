package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References by digest whose manifests a store has need no registry; whatever is doubtful is left to one. */
class StoredManifestsTest {
    private static final String REPOSITORY = "registry.example/app";
    private static final String CONFIGURATION = "sha256:" + "c".repeat(64);
    private static final String LAYER = "sha256:" + "1".repeat(64);
    private static final String MANIFEST = """
            {"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},
             "layers":[{"digest":"%s","size":42}]}""".formatted(CONFIGURATION, LAYER);
    private static final String DIGEST = Digests.sha256(MANIFEST.getBytes(StandardCharsets.UTF_8));
    private static final String LIST = """
            {"schemaVersion":2,"manifests":[
             {"digest":"sha256:%s","platform":{"os":"linux","architecture":"other"}},
             {"digest":"%s","platform":{"os":"linux","architecture":"%s"}}]}""".formatted(
                    "e".repeat(64), DIGEST, Platform.wanted(PullOptions.DEFAULT).architecture());
    private static final String LIST_DIGEST = Digests.sha256(LIST.getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path store = Path.of("/nowhere");

    /** One image with these names and manifests. */
    private void holding(List<String> names, List<String> manifests) throws IOException, ImageException {
        String id = Digests.hex(CONFIGURATION);
        Path images = Files.createDirectories(store.resolve("overlay-images"));
        Files.createDirectories(images.resolve(id));
        Files.writeString(
                images.resolve("images.json"),
                "[{\"id\":\"%s\",\"names\":[\"%s\"]}]".formatted(id, String.join("\",\"", names)));
        for (String manifest : manifests) {
            Files.writeString(file(manifest), manifest);
        }
    }

    private Path file(String manifest) throws ImageException {
        String digest = Digests.sha256(manifest.getBytes(StandardCharsets.UTF_8));
        return StoreFiles.read(store).bigDataFile(Digests.hex(CONFIGURATION), "manifest-" + digest);
    }

    private Optional<ResolvedImage> resolve(String reference) throws ImageException {
        return new StoredManifests(StoreFiles.read(store))
                .resolve(ImageReference.parse(reference), PullOptions.DEFAULT);
    }

    private static ResolvedImage image(String reference, String digest) {
        return new ResolvedImage(
                ImageReference.parse(reference),
                digest,
                DIGEST,
                CONFIGURATION,
                List.of(new ResolvedImage.Blob(LAYER, 42)));
    }

    @Test
    void anImageIsWhatItsManifestSays() throws Exception {
        String reference = REPOSITORY + "@" + DIGEST;
        holding(List.of(reference), List.of(MANIFEST));

        assertThat(resolve(reference)).contains(image(reference, DIGEST));
    }

    @Test
    void aListIsTheImageOfThisPlatform() throws Exception {
        String reference = REPOSITORY + "@" + LIST_DIGEST;
        holding(List.of(reference), List.of(LIST, MANIFEST));

        assertThat(resolve(reference)).contains(image(reference, LIST_DIGEST));
    }

    @Test
    void aListWithoutTheManifestOfThisPlatformIsLeftToTheRegistry() throws Exception {
        String reference = REPOSITORY + "@" + LIST_DIGEST;
        holding(List.of(reference), List.of(LIST));

        assertThat(resolve(reference)).isEmpty();
    }

    @Test
    void aTagAnotherRepositoryAndATornManifestAreLeftToTheRegistry() throws Exception {
        String reference = REPOSITORY + "@" + DIGEST;
        holding(List.of(reference, REPOSITORY + ":1"), List.of(MANIFEST));

        assertThat(resolve(REPOSITORY + ":1")).isEmpty();
        assertThat(resolve("registry.example/other@" + DIGEST)).isEmpty();
        Files.writeString(file(MANIFEST), MANIFEST.substring(1));
        assertThat(resolve(reference)).isEmpty();
    }
}
