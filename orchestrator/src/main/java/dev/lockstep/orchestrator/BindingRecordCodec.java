package dev.lockstep.orchestrator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.ResolvedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The form of a binding record on disk, {@code dev.lockstep.binding/v1}. */
final class BindingRecordCodec {
    private static final String SCHEMA = "dev.lockstep.binding/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private BindingRecordCodec() {}

    static byte[] write(BindingRecord record) {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema", SCHEMA);
        node.put("transaction", record.transaction());
        node.put("state", record.state().name());
        node.put("began", record.began().toString());
        node.put("target", record.target().toString());
        record.tlsVerify().ifPresent(value -> node.put("targetTlsVerify", value));
        record.targetDigest().ifPresent(value -> node.put("targetDigest", value));
        record.checksum().ifPresent(value -> node.put("checksum", value));
        record.serial().ifPresent(value -> node.put("serial", value));
        write(record.intent(), node.putObject("intent"));
        write(record.trial(), node.putObject("trial"));
        ArrayNode images = node.putArray("images");
        for (BindingRecord.Bound bound : record.images()) {
            write(bound, images.addObject());
        }
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static void write(BindingRecord.Bound bound, ObjectNode image) {
        image.put("reference", bound.reference().toString());
        image.put("mode", bound.mode().name());
        bound.resolved().ifPresent(resolved -> write(resolved, image));
    }

    private static void write(ResolvedImage resolved, ObjectNode image) {
        image.put("digest", resolved.digest());
        image.put("platformDigest", resolved.platformDigest());
        image.put("configDigest", resolved.configDigest());
        ArrayNode layers = image.putArray("layers");
        for (ResolvedImage.Blob layer : resolved.layers()) {
            layers.addObject().put("digest", layer.digest()).put("size", layer.size());
        }
    }

    /**
     * Reads a record back.
     *
     * @throws IOException when it is not one, whole and of a version that is known; the message says what is wrong
     */
    static BindingRecord read(byte[] content) throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!node.path("schema").asText().equals(SCHEMA)) {
            throw new IOException("its schema is not " + SCHEMA);
        }
        try {
            List<BindingRecord.Bound> images = new ArrayList<>();
            for (JsonNode image : node.path("images")) {
                images.add(readBound(image));
            }
            JsonNode serial = node.path("serial");
            BindingRecord record = new BindingRecord(
                    UUID.fromString(text(node, "transaction")).toString(),
                    BindingRecord.State.valueOf(text(node, "state")),
                    Instant.parse(text(node, "began")),
                    Target.parse(text(node, "target")),
                    node.path("targetTlsVerify").isBoolean()
                            ? Optional.of(node.path("targetTlsVerify").booleanValue())
                            : Optional.empty(),
                    Optional.ofNullable(node.path("targetDigest").textValue()),
                    Optional.ofNullable(node.path("checksum").textValue()),
                    serial.isInt() ? OptionalInt.of(serial.intValue()) : OptionalInt.empty(),
                    images,
                    readIntent(node.path("intent")),
                    readTrial(node.path("trial")));
            return checked(record);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static BindingRecord checked(BindingRecord record) throws IOException {
        boolean committed = record.state() == BindingRecord.State.COMMITTED;
        if (committed && (record.serial().isEmpty() || record.checksum().isEmpty())) {
            throw new IOException("it is committed, but names no deployment");
        }
        boolean unresolved = record.images().stream()
                .anyMatch(bound ->
                        bound.mode() == BoundImage.Mode.BIND && bound.resolved().isEmpty());
        if (record.state() != BindingRecord.State.OPEN
                && unresolved
                && record.forced().isEmpty()) {
            throw new IOException("it is " + record.state() + ", but has images without a digest");
        }
        return record;
    }

    private static void write(Intent intent, ObjectNode node) {
        node.put("commit", intent.commit());
        node.put("resumed", intent.resumed());
        intent.resumedIn().ifPresent(boot -> node.put("resumedIn", boot));
        intent.source().ifPresent(source -> node.put("source", source.toString()));
        intent.forced()
                .ifPresent(forced ->
                        node.putObject("forced").put("who", forced.who()).put("why", forced.why()));
    }

    /** Records of before there was an intent were to be committed. */
    private static Intent readIntent(JsonNode node) throws IOException {
        if (!node.isObject()) {
            return Intent.COMMIT;
        }
        JsonNode forced = node.path("forced");
        return new Intent(
                node.path("commit").asBoolean(true),
                node.path("resumed").asInt(),
                Optional.ofNullable(node.path("resumedIn").textValue()),
                forced.isObject()
                        ? Optional.of(new GatePass.Forced(text(forced, "who"), text(forced, "why")))
                        : Optional.empty(),
                Optional.ofNullable(node.path("source").textValue()).map(OciDirectory::parse));
    }

    private static void write(Trial trial, ObjectNode node) {
        node.put("result", trial.result().name());
        trial.since().ifPresent(boot -> node.put("since", boot));
    }

    /** Records of before there were trials await nothing. */
    private static Trial readTrial(JsonNode node) throws IOException {
        return node.isObject()
                ? new Trial(
                        Trial.Result.valueOf(text(node, "result")),
                        Optional.ofNullable(node.path("since").textValue()))
                : Trial.SETTLED;
    }

    static BindingRecord.Bound readBound(JsonNode image) throws IOException {
        ImageReference reference = ImageReference.parse(text(image, "reference"));
        Optional<ResolvedImage> resolved = Optional.empty();
        if (image.has("digest")) {
            List<ResolvedImage.Blob> layers = new ArrayList<>();
            for (JsonNode layer : image.path("layers")) {
                layers.add(new ResolvedImage.Blob(
                        text(layer, "digest"), layer.path("size").asLong()));
            }
            resolved = Optional.of(new ResolvedImage(
                    reference,
                    text(image, "digest"),
                    text(image, "platformDigest"),
                    text(image, "configDigest"),
                    layers));
        }
        return new BindingRecord.Bound(reference, BoundImage.Mode.valueOf(text(image, "mode")), resolved);
    }

    private static String text(JsonNode node, String key) throws IOException {
        String value = node.path(key).textValue();
        if (value == null) {
            throw new IOException("it has no '" + key + "'");
        }
        return value;
    }
}
