package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * The layers that are known to be on the medium, {@code synced.json} beside the graph root ({@code dev.lockstep.synced/v1}). podman does not
 * sync what it writes, so after a power cut it lists layers whose files are hollow. A layer is named by its ID and its link name, which is
 * new whenever it is made, so that one that was removed and fetched again is not taken for the one that was synced.
 */
final class SyncedRecord {
    private static final String SCHEMA = "dev.lockstep.synced/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    SyncedRecord(Path graphRoot) {
        this.file = graphRoot.resolveSibling("synced.json");
    }

    /** A layer that was synced. */
    record Entry(String id, String link) {
        static Entry of(StoredLayer layer) {
            return new Entry(layer.id(), layer.link());
        }
    }

    /** Reads the record. One that is missing or broken proves nothing: it is empty, and every layer's content is checked. */
    Set<Entry> read() {
        Set<Entry> entries = new HashSet<>();
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (node.path("schema").asText().equals(SCHEMA)) {
                node.path("layers")
                        .forEach(layer -> entries.add(new Entry(
                                layer.path("id").asText(), layer.path("link").asText())));
            }
        } catch (IOException e) {
            return Set.of();
        }
        return entries;
    }

    /** Replaces the record, durably. */
    void write(Set<Entry> entries) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema", SCHEMA);
        ArrayNode layers = node.putArray("layers");
        entries.stream()
                .sorted(Comparator.comparing(Entry::id).thenComparing(Entry::link))
                .forEach(entry -> layers.addObject().put("id", entry.id()).put("link", entry.link()));
        DurableFiles.write("synced", file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
