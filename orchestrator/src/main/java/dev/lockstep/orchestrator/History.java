package dev.lockstep.orchestrator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.podman.disk.FaultPoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happened on this host, one JSON object a line, only ever added to. Each line is fsynced; a line that a crash tore is skipped when it is
 * read and closed by the next one. Nothing is decided by it.
 */
final class History {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Clock clock;

    History(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Adds one line. */
    void add(String event, Optional<String> transaction, Optional<String> target, String detail)
            throws LockstepException {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("event", event);
        transaction.ifPresent(id -> line.put("transaction", id));
        target.ifPresent(name -> line.put("target", name));
        line.put("detail", detail);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            String start = torn(channel) ? "\n" : "";
            channel.position(channel.size());
            channel.write(ByteBuffer.wrap((start + line + "\n").getBytes(StandardCharsets.UTF_8)));
            FaultPoints.around("history.fsync", () -> channel.force(true));
        } catch (IOException e) {
            throw Failures.state("add to", file, e);
        }
    }

    private static boolean torn(FileChannel channel) throws IOException {
        if (channel.size() == 0) {
            return false;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, channel.size() - 1);
        return last.get(0) != '\n';
    }

    /** All whole lines, oldest first. */
    List<Reports.HistoryEntry> read() throws LockstepException {
        List<Reports.HistoryEntry> entries = new ArrayList<>();
        try {
            for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
                parse(line).ifPresent(entries::add);
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw Failures.state("read", file, e);
        }
        return entries;
    }

    private static Optional<Reports.HistoryEntry> parse(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return Optional.of(new Reports.HistoryEntry(
                    Instant.parse(node.path("time").asText()),
                    node.path("event").asText(),
                    Optional.ofNullable(node.path("transaction").textValue()),
                    Optional.ofNullable(node.path("target").textValue()),
                    node.path("detail").asText()));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
