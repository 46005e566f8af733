package dev.lockstep.systemd.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The boots of this host and what ran in each: the journal knows the boots, the history's lines know the deployment that they were written in. A
 * deployment that boots for the first time always writes a line, so a boot without one ran what the boot before it ran.
 */
final class Boots {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Tools tools;

    Boots(Tools tools) {
        this.tools = tools;
    }

    /**
     * One boot.
     *
     * @param id as the kernel names it
     * @param first when the journal begins with it; without a journal the history's first line of it
     * @param last when it ends, likewise
     * @param deployment that ran, as {@code CHECKSUM.SERIAL}, when that is known
     */
    record Boot(String id, Optional<Instant> first, Optional<Instant> last, Optional<String> deployment) {}

    /** The boots, oldest first. */
    List<Boot> of(List<Reports.HistoryEntry> entries) {
        List<Boot> listed = listed();
        return joined(listed.isEmpty() ? noted(entries) : listed, entries);
    }

    /** Those that the journal has; none where it keeps none, or journalctl cannot list them as JSON. */
    private List<Boot> listed() {
        try {
            ToolResult result = tools.run(ToolCall.reading(
                    LIMIT, List.of("journalctl", "--list-boots", "--output=json", "--quiet", "--no-pager")));
            return result.succeeded() ? parse(result.text()) : List.of();
        } catch (ToolMissingException e) {
            return List.of();
        }
    }

    /** What {@code journalctl --list-boots -o json} prints: objects with a boot's ID without dashes, and times in microseconds. */
    static List<Boot> parse(String text) {
        List<Boot> boots = new ArrayList<>();
        try {
            for (JsonNode boot : JSON.readTree(text)) {
                boots.add(new Boot(
                        withDashes(boot.path("boot_id").asText()),
                        time(boot.path("first_entry")),
                        time(boot.path("last_entry")),
                        Optional.empty()));
            }
        } catch (JsonProcessingException e) {
            return List.of();
        }
        return boots;
    }

    private static Optional<Instant> time(JsonNode microseconds) {
        return microseconds.isIntegralNumber()
                ? Optional.of(Instant.EPOCH
                        .plus(microseconds.asLong(), ChronoUnit.MICROS)
                        .truncatedTo(ChronoUnit.MILLIS))
                : Optional.empty();
    }

    private static String withDashes(String id) {
        return id.replaceFirst("^(.{8})(.{4})(.{4})(.{4})(.{12})$", "$1-$2-$3-$4-$5");
    }

    private static List<Boot> noted(List<Reports.HistoryEntry> entries) {
        Map<String, Boot> boots = new LinkedHashMap<>();
        for (Reports.HistoryEntry entry : entries) {
            Optional<Instant> time = Optional.of(entry.time());
            entry.boot()
                    .ifPresent(id -> boots.merge(
                            id,
                            new Boot(id, time, time, Optional.empty()),
                            (known, now) -> new Boot(id, known.first(), now.last(), Optional.empty())));
        }
        return List.copyOf(boots.values());
    }

    /** Boots with the deployments that lines were written in. */
    static List<Boot> joined(List<Boot> boots, List<Reports.HistoryEntry> entries) {
        Map<String, String> ran = new LinkedHashMap<>();
        for (Reports.HistoryEntry entry : entries) {
            entry.boot().ifPresent(boot -> entry.booted().ifPresent(deployment -> ran.put(boot, deployment)));
        }
        List<Boot> joined = new ArrayList<>();
        Optional<String> before = Optional.empty();
        for (Boot boot : boots) {
            before = Optional.ofNullable(ran.get(boot.id())).or(carried(before));
            joined.add(new Boot(boot.id(), boot.first(), boot.last(), before));
        }
        return joined;
    }

    private static java.util.function.Supplier<Optional<String>> carried(Optional<String> before) {
        return () -> before;
    }
}
