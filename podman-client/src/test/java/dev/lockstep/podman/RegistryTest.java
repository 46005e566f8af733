package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
    private static final String CONFIG = "sha256:" + "c".repeat(64);
    private static final String LAYER = "sha256:" + "d".repeat(64);
    private static final String MANIFEST =
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                    + "\"digest\":\"" + CONFIG + "\",\"size\":1},\"layers\":[{\"digest\":\"" + LAYER
                    + "\",\"size\":42}]}";
    private static final ImageReference REFERENCE = ImageReference.parse("registry.example/app:1");

    private final TestingTools tools = new TestingTools();
    private final Registry registry = new Registry(tools);

    private static PullArguments arguments(Optional<String> architecture) {
        return new PullArguments(
                Path.of("/run/x"),
                Optional.of(Path.of("/run/auth")),
                Optional.of(true),
                architecture,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Path.of("/run/certs")),
                Optional.empty(),
                Optional.of(Path.of("/run/policy")),
                Optional.empty());
    }

    private static String digest(String text) {
        return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String list(String... entries) {
        return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}";
    }

    private static String entry(String digest, String architecture) {
        return "{\"digest\":\"" + digest + "\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\""
                + architecture + "\"}}";
    }

    @Test
    void aReferenceIsResolvedToTheDigestOfWhatTheRegistrySent() throws Exception {
        tools.answer(MANIFEST);

        ResolvedImage image = registry.resolve(REFERENCE, arguments(Optional.empty()));

        assertThat(image)
                .isEqualTo(new ResolvedImage(
                        REFERENCE,
                        digest(MANIFEST),
                        digest(MANIFEST),
                        CONFIG,
                        List.of(new ResolvedImage.Blob(LAYER, 42))));
        assertThat(tools.commands())
                .containsExactly(List.of(
                        "skopeo",
                        "--policy=/run/policy",
                        "inspect",
                        "--raw",
                        "--authfile=/run/auth",
                        "--cert-dir=/run/certs",
                        "--tls-verify=true",
                        "docker://registry.example/app:1"));
    }

    @Test
    void anImageIsCopiedByItsPlatformsDigestWithTheOptionsOfItsSource(@TempDir Path directory) throws Exception {
        ResolvedImage image = new ResolvedImage(REFERENCE, CONFIG, LAYER, CONFIG, List.of());
        OciWriter writer = OciWriter.open(new OciDirectory(directory));
        try (LoopbackRegistry inside = writer.serve()) {
            registry.copy(image, arguments(Optional.empty()), inside, PullWatch.none());

            assertThat(tools.commands())
                    .containsExactly(List.of(
                            "skopeo",
                            "--policy=/run/policy",
                            "copy",
                            "--quiet",
                            "--preserve-digests",
                            "--remove-signatures",
                            "--src-authfile=/run/auth",
                            "--src-cert-dir=/run/certs",
                            "--src-tls-verify=true",
                            "--dest-tls-verify=false",
                            "--dest-no-creds",
                            "docker://registry.example/app@" + LAYER,
                            "docker://" + inside.repository() + "@" + LAYER));
        }
    }

    @Test
    void ofAListTheHostsPlatformIsTakenAndTheListsDigestPulled() throws Exception {
        String own = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String list = list(entry(digest("other"), "riscv64"), entry(digest(MANIFEST), own));
        tools.answer(list).answer(MANIFEST);

        ResolvedImage image = registry.resolve(REFERENCE, arguments(Optional.empty()));

        assertThat(image.digest()).isEqualTo(digest(list));
        assertThat(image.platformDigest()).isEqualTo(digest(MANIFEST));
        assertThat(tools.commands().get(1)).endsWith("docker://registry.example/app@" + digest(MANIFEST));
    }

    @Test
    void aChosenArchitectureIsPulledByItsOwnDigest() throws Exception {
        tools.answer(list(entry(digest(MANIFEST), "arm64"))).answer(MANIFEST);

        ResolvedImage image = registry.resolve(REFERENCE, arguments(Optional.of("arm64")));

        assertThat(image.digest()).isEqualTo(digest(MANIFEST));
    }

    @Test
    void aListWithoutThePlatformSaysWhatItHas() {
        tools.answer(list(entry(digest(MANIFEST), "s390x")));

        assertThatThrownBy(() -> registry.resolve(REFERENCE, arguments(Optional.of("arm64"))))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.IMAGE_WRONG_PLATFORM))
                .hasMessageContaining("linux/s390x");
    }

    @Test
    void aManifestWithAnotherDigestThanWasAskedForIsRefused() {
        tools.answer(MANIFEST);

        assertMalformed(REFERENCE.at("sha256:" + "0".repeat(64)), "digest " + digest(MANIFEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{}",
                "{\"schemaVersion\":1,\"fsLayers\":[]}",
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"sha256:0\"},\"layers\":[]}",
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:0\"},\"layers\":[]}",
                "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"md5:0\"}]}",
            })
    void whatIsNoImageIsRefusedWithAReason(String manifest) {
        tools.answer(manifest);

        assertMalformed(REFERENCE, "registry.example/app:1 is not usable");
    }

    @Test
    void randomBytesAreRefusedAndNothingElseHappens() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            char[] noise = new char[random.nextInt(200)];
            for (int index = 0; index < noise.length; index++) {
                noise[index] = "{}[]\":,0123456789abcschemaVersion".charAt(random.nextInt(33));
            }
            tools.answer(new String(noise));
            assertMalformed(REFERENCE, "not usable");
        }
    }

    private void assertMalformed(ImageReference reference, String words) {
        assertThatThrownBy(() -> registry.resolve(reference, arguments(Optional.empty())))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.IMAGE_MALFORMED))
                .hasMessageContaining(words);
    }
}
