package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.manifest.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code index.json} of an OCI directory: which manifest each reference means. What other programs wrote there is kept. */
final class OciIndex {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "org.opencontainers.image.ref.name";
    private static final String CONTAINERD_NAME = "io.containerd.image.name";

    private final ObjectNode document;

    private OciIndex(ObjectNode document) {
        this.document = document;
    }

    /** One that names nothing. */
    static OciIndex empty() {
        ObjectNode document = JSON.createObjectNode();
        document.put("schemaVersion", 2);
        document.putArray("manifests");
        return new OciIndex(document);
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it is not an index; the message says why
     */
    static OciIndex parse(byte[] content) throws IOException {
        JsonNode node = JSON.readTree(content);
        if (!(node instanceof ObjectNode document)
                || node.path("schemaVersion").asInt() != 2
                || !node.path("manifests").isArray()) {
            throw new IOException("it is not an image index of schema version 2");
        }
        return new OciIndex(document);
    }

    /** The digest that a reference means here, by its full name. */
    Optional<String> digest(ImageReference reference) {
        for (JsonNode entry : document.path("manifests")) {
            if (isNamed(entry, reference)) {
                return Optional.of(entry.path("digest").asText()).filter(Digests::isDigest);
            }
        }
        return Optional.empty();
    }

    private static boolean isNamed(JsonNode entry, ImageReference reference) {
        JsonNode annotations = entry.path("annotations");
        return means(annotations.path(NAME).asText(), reference)
                || means(annotations.path(CONTAINERD_NAME).asText(), reference);
    }

    /** Other programs also write tags alone, and names that are not canonical. */
    private static boolean means(String name, ImageReference reference) {
        if (name.equals(reference.toString())) {
            return true;
        }
        try {
            return ImageReference.parse(name).equals(reference);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Makes a reference mean a manifest, and nothing else any more. */
    void name(ImageReference reference, String digest, long size, String mediaType) {
        List<JsonNode> others = new ArrayList<>();
        document.path("manifests").forEach(others::add);
        others.removeIf(entry -> isNamed(entry, reference));
        ArrayNode entries = document.putArray("manifests").addAll(others);
        ObjectNode added = JSON.createObjectNode();
        added.put("mediaType", mediaType).put("digest", digest).put("size", size);
        added.putObject("annotations").put(NAME, reference.toString());
        entries.add(added);
    }

    byte[] bytes() {
        return (document.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
