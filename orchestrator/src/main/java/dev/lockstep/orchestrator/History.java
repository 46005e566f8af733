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
    private final Where where;

    /**
     * Where lines are written from.
     *
     * @param boot the kernel's name of this boot, on a booted host
     * @param booted the deployment that runs there, as {@code CHECKSUM.SERIAL}
     */
    record Where(Optional<String> boot, Optional<String> booted) {
        /** A sysroot that is not booted. */
        static final Where NOWHERE = new Where(Optional.empty(), Optional.empty());
    }

    History(Path file, Clock clock, Where where) {
        this.file = file;
        this.clock = clock;
        this.where = where;
    }

    /** Adds one line. */
    void add(Occurrence occurrence) throws LockstepException {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("event", occurrence.event().label());
        occurrence.transaction().ifPresent(id -> line.put("transaction", id));
        occurrence.target().ifPresent(name -> line.put("target", name));
        occurrence.deployment().ifPresent(id -> line.put("deployment", id));
        occurrence.error().ifPresent(code -> line.put("error", code));
        line.put("detail", occurrence.detail());
        where.boot().ifPresent(id -> line.put("boot", id));
        where.booted().ifPresent(id -> line.put("booted", id));
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

    private static Optional<String> text(JsonNode line, String key) {
        return Optional.ofNullable(line.path(key).textValue());
    }

    private static Optional<Reports.HistoryEntry> parse(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return Optional.of(new Reports.HistoryEntry(
                    Instant.parse(node.path("time").asText()),
                    node.path("event").asText(),
                    text(node, "transaction"),
                    text(node, "target"),
                    text(node, "deployment"),
                    text(node, "error"),
                    node.path("detail").asText(),
                    text(node, "boot"),
                    text(node, "booted")));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
