package dev.lockstep.podman;

import static dev.lockstep.podman.OciFixture.CONFIG;
import static dev.lockstep.podman.OciFixture.LAYER;
import static dev.lockstep.podman.OciFixture.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other end is Java's HTTP client here; podman and skopeo are it in the integration tests. */
class LoopbackRegistryTest {
    private static final String NAME = "registry.example/app:1";

    @TempDir
    Path path = Path.of("");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<String> send(LoopbackRegistry registry, String method, String what, BodyPublisher body)
            throws IOException, InterruptedException {
        String[] parts = registry.repository().split("/", 2);
        String uri = what.startsWith("/") ? what : "/v2/" + parts[1] + "/" + what;
        return client.send(
                java.net.http.HttpRequest.newBuilder(URI.create("http://" + parts[0] + uri))
                        .method(method, body)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(LoopbackRegistry registry, String what) throws Exception {
        return send(registry, "GET", what, BodyPublishers.noBody());
    }

    @Test
    void offersManifestsAndBlobsByDigestToWhoKnowsThePath() throws Exception {
        OciFixture fixture = new OciFixture(path);
        String manifest = fixture.image(CONFIG, LAYER);
        try (LoopbackRegistry registry =
                LoopbackRegistry.offering(fixture.name(NAME, manifest).open())) {
            HttpResponse<String> sent = get(registry, "manifests/" + manifest);
            assertThat(sent.body()).isEqualTo(OciFixture.manifest(CONFIG, LAYER));
            assertThat(sent.headers().firstValue("Content-Type"))
                    .contains("application/vnd.oci.image.manifest.v1+json");
            assertThat(get(registry, "blobs/" + digest(LAYER)).body()).isEqualTo(LAYER);
            assertThat(send(registry, "HEAD", "blobs/" + digest(LAYER), BodyPublishers.noBody())
                            .headers()
                            .firstValueAsLong("Content-Length"))
                    .hasValue(LAYER.length());
            assertThat(get(registry, "/v2/").statusCode()).isEqualTo(200);

            assertThat(get(registry, "blobs/sha256:" + "0".repeat(64)).statusCode())
                    .isEqualTo(404);
            assertThat(get(registry, "blobs/../../oci-layout").statusCode()).isEqualTo(404);
            assertThat(get(registry, "/v2/guess/image/blobs/" + digest(LAYER)).statusCode())
                    .isEqualTo(404);
            assertThat(send(registry, "POST", "blobs/uploads/", BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void whatWasWrongWithABlobIsKnownAfterwards() throws Exception {
        OciFixture fixture = new OciFixture(path);
        String manifest = fixture.image(CONFIG, LAYER);
        OciImages images = fixture.name(NAME, manifest).open();
        ResolvedImage image =
                images.resolve(ImageReference.parse(NAME), PullOptions.DEFAULT).orElseThrow();
        Files.writeString(fixture.file(digest(LAYER)), LAYER.toUpperCase(java.util.Locale.ROOT));
        ImageException podmans = new ImageException(ImageError.IMAGE_MALFORMED, "Digest did not match", "push it");
        try (LoopbackRegistry registry = LoopbackRegistry.offering(images)) {
            assertThat(images.explain(image, registry, podmans)).isSameAs(podmans);

            get(registry, "blobs/" + digest(LAYER));

            assertThat(images.explain(image, registry, podmans))
                    .hasMessageContainingAll(images.directory().toString(), NAME, digest(LAYER))
                    .extracting(ImageException::error)
                    .isEqualTo(ImageError.OCI_UNUSABLE);
        }
    }

    /** As a registry's client does that tries TLS first; it must not wait. */
    @Test
    void aTlsHandshakeIsAnsweredByTheEndOfTheConnection() throws Exception {
        OciFixture fixture = new OciFixture(path);
        try (LoopbackRegistry registry = LoopbackRegistry.offering(fixture.open());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(registry))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0, (byte) 222, 1});

            assertThat(ended(socket)).isTrue();
        }
    }

    private static int port(LoopbackRegistry registry) {
        return Integer.parseInt(registry.repository().split("[:/]")[1]);
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Test
    void takesWhatIsPushedInOnePieceOrInChunks() throws Exception {
        OciDirectory directory = new OciDirectory(path.resolve("new"));
        OciWriter writer = OciWriter.open(directory);
        String manifest = OciFixture.manifest(CONFIG, LAYER);
        try (LoopbackRegistry registry = writer.serve()) {
            push(registry, BodyPublishers.ofString(CONFIG), digest(CONFIG), 201);
            push(
                    registry,
                    BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(LAYER.getBytes(StandardCharsets.UTF_8))),
                    digest(LAYER),
                    201);
            push(registry, BodyPublishers.ofString("something else"), digest("what was announced"), 400);
            assertThat(send(registry, "PUT", "manifests/" + digest(manifest), BodyPublishers.ofString(manifest))
                            .statusCode())
                    .isEqualTo(201);
        }
        isUnfinished(directory);
        writer.name(ImageReference.parse(NAME), digest(manifest));
        writer.finish();

        assertThat(OciImages.open(directory).resolve(ImageReference.parse(NAME), PullOptions.DEFAULT))
                .map(ResolvedImage::digest)
                .contains(digest(manifest));
        try (var files = Files.list(path.resolve("new/blobs/sha256"))) {
            assertThat(files).hasSize(3);
        }
        assertThat(path.resolve("new/.lockstep-uploads")).doesNotExist();
    }

    private static void isUnfinished(OciDirectory directory) {
        assertThatThrownBy(() -> OciImages.open(directory)).hasMessageContaining("not finished");
    }

    private void push(LoopbackRegistry registry, BodyPublisher body, String digest, int status) throws Exception {
        HttpResponse<String> begun = send(registry, "POST", "blobs/uploads/", BodyPublishers.noBody());
        String place = begun.headers().firstValue("Location").orElseThrow();
        assertThat(send(registry, "PATCH", place, body).statusCode()).isEqualTo(202);
        assertThat(send(registry, "PUT", place + "?digest=" + digest.replace(":", "%3A"), BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(status);
    }
}
