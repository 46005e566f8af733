package dev.lockstep.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code images pull} has brought into a store before anything was deployed: {@code pulled.json} beside it ({@code
 * dev.lockstep.pulled/v1}). Until a deployment has a binding record it tells what the references of a root meant when its store was filled, so
 * that the first boot asks no registry, and it keeps these images from collection. After that it means nothing.
 */
final class PulledImages {
    private static final String SCHEMA = "dev.lockstep.pulled/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    PulledImages(Path file) {
        this.file = file;
    }

    /**
     * Reads the note; one that is not there names nothing.
     *
     * @throws LockstepException STATE_UNUSABLE when it is there and cannot be read
     */
    List<BindingRecord.Bound> read() throws LockstepException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.path("schema").asText().equals(SCHEMA)) {
                throw new IOException("its schema is not " + SCHEMA);
            }
            List<BindingRecord.Bound> images = new ArrayList<>();
            for (JsonNode image : node.path("images")) {
                images.add(BindingRecordCodec.readBound(image));
            }
            return images;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IllegalArgumentException e) {
            throw Failures.state("read", file, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw Failures.state("read", file, e);
        }
    }

    /** What each of its references meant. */
    Map<ImageReference, ResolvedImage> meanings() throws LockstepException {
        Map<ImageReference, ResolvedImage> meanings = new HashMap<>();
        for (BindingRecord.Bound image : read()) {
            image.resolved().ifPresent(resolved -> meanings.put(image.reference(), resolved));
        }
        return meanings;
    }

    /** Replaces the note, durably. */
    void write(List<BindingRecord.Bound> images) throws LockstepException {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema", SCHEMA);
        ArrayNode list = node.putArray("images");
        images.forEach(image -> BindingRecordCodec.write(image, list.addObject()));
        try {
            DurableFiles.write("pulled", file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Failures.state("write", file, e);
        }
    }

    /** Removes the note, if there is one. */
    void delete() throws LockstepException {
        if (Files.notExists(file)) {
            return;
        }
        try {
            DurableFiles.delete("pulled", file);
        } catch (IOException e) {
            throw Failures.state("remove", file, e);
        }
    }
}
