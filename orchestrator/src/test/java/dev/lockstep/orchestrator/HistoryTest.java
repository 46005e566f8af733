package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    Path directory;

    private History history = new History(Path.of("/nowhere"), Clock.systemUTC());

    @BeforeEach
    void inATemporaryDirectory() {
        history = new History(directory.resolve("history.jsonl"), Clock.fixed(Samples.NOON, ZoneOffset.UTC));
    }

    @Test
    void withoutAFileNothingHappened() throws Exception {
        assertThat(history.read()).isEmpty();
    }

    @Test
    void eventsAreReadInTheirOrder() throws Exception {
        history.add("began", Optional.of(Samples.FIRST), Optional.of("registry.example/os:1"), "");
        history.add("failed", Optional.empty(), Optional.empty(), "a \"quoted\" reason\nin two lines");

        assertThat(history.read())
                .containsExactly(
                        new Reports.HistoryEntry(
                                Samples.NOON,
                                "began",
                                Optional.of(Samples.FIRST),
                                Optional.of("registry.example/os:1"),
                                ""),
                        new Reports.HistoryEntry(
                                Samples.NOON,
                                "failed",
                                Optional.empty(),
                                Optional.empty(),
                                "a \"quoted\" reason\nin two lines"));
    }

    @Test
    void aLineThatACrashToreIsSkippedAndTheNextOneIsWhole() throws Exception {
        history.add("began", Optional.empty(), Optional.empty(), "");
        Files.writeString(directory.resolve("history.jsonl"), "{\"time\":\"2026-01", StandardOpenOption.APPEND);

        history.add("ready", Optional.empty(), Optional.empty(), "");

        assertThat(history.read()).extracting(Reports.HistoryEntry::event).containsExactly("began", "ready");
    }
}
