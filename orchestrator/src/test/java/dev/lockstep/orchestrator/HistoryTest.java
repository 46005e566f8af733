package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    Path directory;

    private History history = new History(Path.of("/nowhere"), Clock.systemUTC(), History.Where.NOWHERE);

    @BeforeEach
    void inATemporaryDirectory() {
        history = new History(
                directory.resolve("history.jsonl"),
                Clock.fixed(Samples.NOON, ZoneOffset.UTC),
                new History.Where(Optional.of("a-boot"), Optional.of("c.0")));
    }

    @Test
    void withoutAFileNothingHappened() throws Exception {
        assertThat(history.read()).isEmpty();
    }

    @Test
    void eventsAreReadInTheirOrderWithWhatIsKnownOfThem() throws Exception {
        history.add(Occurrence.of(Event.BEGAN, Samples.open(Samples.FIRST, Samples.NOON), ""));
        history.add(Occurrence.of(Event.FAILED, "a \"quoted\" reason\nin two lines")
                .because(new LockstepException(ErrorCode.STORE_FULL, "full", "make room")));

        List<Reports.HistoryEntry> entries = history.read();

        assertThat(entries).extracting(Reports.HistoryEntry::event).containsExactly("began", "failed");
        assertThat(entries.get(0).transaction()).contains(Samples.FIRST);
        assertThat(entries.get(0).target()).contains(Samples.TARGET.toString());
        assertThat(entries.get(0).boot()).contains("a-boot");
        assertThat(entries.get(0).booted()).contains("c.0");
        assertThat(entries.get(1))
                .isEqualTo(new Reports.HistoryEntry(
                        Samples.NOON,
                        "failed",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("STORE_FULL"),
                        "a \"quoted\" reason\nin two lines",
                        Optional.of("a-boot"),
                        Optional.of("c.0")));
    }

    @Test
    void aLineOfAnOlderVersionIsReadWithoutWhatItLacks() throws Exception {
        Files.writeString(
                directory.resolve("history.jsonl"),
                "{\"time\":\"2026-01-01T12:00:00Z\",\"event\":\"ready\",\"transaction\":\"t\",\"detail\":\"d\"}\n");

        assertThat(history.read())
                .containsExactly(new Reports.HistoryEntry(
                        Samples.NOON,
                        "ready",
                        Optional.of("t"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "d",
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void anEventKeepsTheNameThatFilesHave() {
        assertThat(Event.values())
                .extracting(Event::label)
                .contains("began", "ready", "committed", "forced", "aborted", "rolled-back", "bound", "repaired")
                .contains("recovered", "failed")
                .doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void aLineThatACrashToreIsSkippedAndTheNextOneIsWhole() throws Exception {
        history.add(Occurrence.of(Event.BEGAN, ""));
        Files.writeString(directory.resolve("history.jsonl"), "{\"time\":\"2026-01", StandardOpenOption.APPEND);

        history.add(Occurrence.of(Event.READY, ""));

        assertThat(history.read()).extracting(Reports.HistoryEntry::event).containsExactly("began", "ready");
    }
}
