package dev.lockstep.podman;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An OCI directory made by hand. */
final class OciFixture {
    static final String CONFIG = "{\"architecture\":\"amd64\"}";
    static final String LAYER = "the content of a layer";

    final OciDirectory directory;
    private final StringBuilder names = new StringBuilder();

    OciFixture(Path path) throws IOException {
        this.directory = new OciDirectory(path);
        Files.createDirectories(path.resolve("blobs/sha256"));
        Files.writeString(path.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    static String digest(String content) {
        return Digests.sha256(content.getBytes(StandardCharsets.UTF_8));
    }

    Path file(String digest) {
        return directory.path().resolve("blobs/sha256").resolve(Digests.hex(digest));
    }

    String blob(String content) throws IOException {
        String digest = digest(content);
        Files.writeString(file(digest), content);
        return digest;
    }

    static String manifest(String config, String layer) {
        return "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                + digest(config) + "\",\"size\":1},\"layers\":[{\"digest\":\"" + digest(layer) + "\",\"size\":"
                + layer.length() + "}]}";
    }

    /** An image with all its blobs; its manifest's digest. */
    String image(String config, String layer) throws IOException {
        blob(config);
        blob(layer);
        return blob(manifest(config, layer));
    }

    static String list(String... platformsAndDigests) {
        StringBuilder entries = new StringBuilder();
        for (int index = 0; index < platformsAndDigests.length; index += 2) {
            entries.append(entries.isEmpty() ? "" : ",")
                    .append("{\"digest\":\"")
                    .append(platformsAndDigests[index + 1])
                    .append("\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\"")
                    .append(platformsAndDigests[index])
                    .append("\"}}");
        }
        return "{\"schemaVersion\":2,\"manifests\":[" + entries + "]}";
    }

    OciFixture name(String name, String digest) {
        names.append(names.isEmpty() ? "" : ",")
                .append("{\"mediaType\":\"x\",\"digest\":\"")
                .append(digest)
                .append("\",\"size\":1,\"annotations\":{\"org.opencontainers.image.ref.name\":\"")
                .append(name)
                .append("\"}}");
        return this;
    }

    OciImages open() throws IOException, ImageException {
        Files.writeString(
                directory.path().resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + names + "]}");
        return OciImages.open(directory);
    }
}
