package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.manifest.ImageReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A manifest as registries send it: OCI image manifest and image index ({@code image-spec}), Docker schema 2 and manifest list. What came
 * from a registry is not trusted: every field is looked at.
 */
sealed interface Manifest {
    ObjectMapper JSON = new ObjectMapper();

    /** The manifest of one platform. */
    record Image(String configDigest, List<ResolvedImage.Blob> layers) implements Manifest {}

    /** A list of manifests. */
    record Index(List<Entry> entries) implements Manifest {

        /** The manifest for a platform; the first that fits, as podman chooses. */
        Optional<String> digestFor(Platform platform) {
            return entries.stream()
                    .filter(entry -> entry.fits(platform))
                    .map(Entry::digest)
                    .findFirst();
        }

        String platforms() {
            return String.join(", ", entries.stream().map(Entry::platform).toList());
        }
    }

    /** One manifest of a list. */
    record Entry(String digest, String operatingSystem, String architecture, String variant) {

        boolean fits(Platform wanted) {
            return operatingSystem.equals(wanted.operatingSystem())
                    && architecture.equals(wanted.architecture())
                    && wanted.variant().map(variant::equals).orElse(true);
        }

        String platform() {
            return operatingSystem + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws ImageException IMAGE_MALFORMED with what is wrong
     */
    static Manifest parse(ImageReference reference, byte[] raw) throws ImageException {
        JsonNode node;
        try {
            node = JSON.readTree(raw);
        } catch (IOException e) {
            throw malformed(reference, "its manifest is not JSON");
        }
        if (node.path("schemaVersion").asInt() != 2) {
            throw malformed(reference, "its manifest is not of schema version 2");
        }
        if (node.path("manifests").isArray()) {
            return index(reference, node);
        }
        if (node.path("config").isObject() && node.path("layers").isArray()) {
            return image(reference, node);
        }
        throw malformed(reference, "its manifest has neither layers nor a list of manifests");
    }

    /** The media type under which registries hand on these bytes; those of OCI need not say it themselves. */
    static String mediaType(byte[] raw) {
        JsonNode node;
        try {
            node = JSON.readTree(raw);
        } catch (IOException e) {
            return "application/octet-stream";
        }
        String said = node.path("mediaType").asText();
        if (!said.isEmpty()) {
            return said;
        }
        return node.has("manifests")
                ? "application/vnd.oci.image.index.v1+json"
                : "application/vnd.oci.image.manifest.v1+json";
    }

    private static Index index(ImageReference reference, JsonNode node) throws ImageException {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : node.path("manifests")) {
            JsonNode platform = entry.path("platform");
            entries.add(new Entry(
                    digest(reference, entry),
                    platform.path("os").asText(),
                    platform.path("architecture").asText(),
                    platform.path("variant").asText()));
        }
        return new Index(List.copyOf(entries));
    }

    private static Image image(ImageReference reference, JsonNode node) throws ImageException {
        String configType = node.path("config").path("mediaType").asText();
        if (!configType.equals("application/vnd.oci.image.config.v1+json")
                && !configType.equals("application/vnd.docker.container.image.v1+json")) {
            throw malformed(reference, "it is not a container image but '" + configType + "'");
        }
        List<ResolvedImage.Blob> layers = new ArrayList<>();
        for (JsonNode layer : node.path("layers")) {
            long size = layer.path("size").asLong(-1);
            if (size < 0) {
                throw malformed(reference, "one of its layers has no size");
            }
            layers.add(new ResolvedImage.Blob(digest(reference, layer), size));
        }
        return new Image(digest(reference, node.path("config")), List.copyOf(layers));
    }

    private static String digest(ImageReference reference, JsonNode node) throws ImageException {
        String digest = node.path("digest").asText();
        if (!Digests.isDigest(digest)) {
            throw malformed(reference, "it names '" + digest + "' where a sha256 digest belongs");
        }
        return digest;
    }

    static ImageException malformed(ImageReference reference, String reason) {
        return new ImageException(
                ImageError.IMAGE_MALFORMED, reference + " is not usable: " + reason, "push the image again");
    }
}
