package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.manifest.ImageReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The labels of a pin: the whole of a {@link ResolvedImage} and its transaction. */
final class PinLabels {
    static final String TRANSACTION = "dev.lockstep.transaction";
    private static final String REFERENCE = "dev.lockstep.reference";
    private static final String DIGEST = "dev.lockstep.digest";
    private static final String PLATFORM = "dev.lockstep.platform-digest";
    private static final String CONFIG = "dev.lockstep.config-digest";
    /** {@code digest=size} of every layer, separated by blanks. */
    private static final String LAYERS = "dev.lockstep.layers";

    private PinLabels() {}

    static Map<String, String> of(String transaction, ResolvedImage image) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(TRANSACTION, transaction);
        labels.put(REFERENCE, image.reference().toString());
        labels.put(DIGEST, image.digest());
        labels.put(PLATFORM, image.platformDigest());
        labels.put(CONFIG, image.configDigest());
        labels.put(
                LAYERS,
                String.join(
                        " ",
                        image.layers().stream()
                                .map(layer -> layer.digest() + "=" + layer.size())
                                .toList()));
        return labels;
    }

    static Optional<String> digest(JsonNode labels) {
        return Optional.ofNullable(labels.path(DIGEST).textValue());
    }

    /** Reads a pin back; one with labels that are not ours or not whole is none. */
    static Optional<Podman.Pin> read(String container, JsonNode labels) {
        try {
            List<ResolvedImage.Blob> layers = new ArrayList<>();
            for (String layer : labels.path(LAYERS).asText().split(" ")) {
                int equals = layer.indexOf('=');
                if (equals > 0) {
                    layers.add(new ResolvedImage.Blob(
                            layer.substring(0, equals), Long.parseLong(layer.substring(equals + 1))));
                }
            }
            ResolvedImage image = new ResolvedImage(
                    ImageReference.parse(labels.path(REFERENCE).asText()),
                    required(labels, DIGEST),
                    required(labels, PLATFORM),
                    required(labels, CONFIG),
                    layers);
            return Optional.of(
                    new Podman.Pin(container, labels.path(TRANSACTION).asText(), image));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String required(JsonNode labels, String key) {
        String value = labels.path(key).asText();
        if (!Digests.isDigest(value)) {
            throw new IllegalArgumentException(key + " is not a digest");
        }
        return value;
    }
}
