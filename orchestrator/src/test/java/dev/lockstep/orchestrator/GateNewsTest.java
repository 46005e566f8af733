package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.orchestrator.gate.VerdictFile;
import dev.lockstep.podman.process.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate of another boot decided becomes one event of this one. */
class GateNewsTest {
    private static final String BEFORE = "33333333-3333-4333-8333-333333333333";
    private static final Optional<String> STAGED = Optional.of("os/" + Samples.checksum(1) + ".0");

    @TempDir
    Path directory = Path.of("/nowhere");

    private final List<Occurrence> events = new ArrayList<>();

    private Host host() {
        Layout layout = new Layout(directory, "os", directory, directory.resolve("run"));
        Progress watching = new Progress.Silent() {
            @Override
            public void event(Occurrence occurrence) {
                events.add(occurrence);
            }
        };
        return new Host(
                layout, Configuration.DEFAULT, new OfflineImages(Optional.empty()), watching, new Cancellation());
    }

    private void tell() throws LockstepException {
        try (Host host = host()) {
            new GateNews(host).tell();
        }
    }

    private void verdict(String boot, Optional<String> deployment, String code, int minute) throws IOException {
        new VerdictFile(Samples.NOON.plusSeconds(60L * minute), boot, deployment, code, "no pass is there")
                .write(directory.resolve("gate-verdict"));
    }

    @Test
    void aRefusalIsToldOnceWithTheDeploymentAndTheReason() throws Exception {
        verdict(BEFORE, STAGED, "NO_PASS", 0);

        tell();
        tell();

        assertThat(events)
                .containsExactly(Occurrence.of(
                                Event.GATE_REFUSED,
                                "the shutdown at 2026-01-01T12:00:00Z did not finalize what was staged (NO_PASS): no pass is there")
                        .on(Samples.checksum(1) + ".0"));
        try (Host host = host()) {
            assertThat(host.history.read())
                    .extracting(Reports.HistoryEntry::event)
                    .containsExactly("gate-refused");
        }
    }

    @Test
    void theSameRefusalAtALaterShutdownIsToldAgain() throws Exception {
        verdict(BEFORE, STAGED, "NO_PASS", 0);
        tell();
        verdict(BEFORE, STAGED, "NO_PASS", 1);
        tell();

        assertThat(events).hasSize(2);
    }

    @Test
    void aRefusalWithoutADeploymentNamesNone() throws Exception {
        verdict(BEFORE, Optional.empty(), "LOCK_TIMEOUT", 0);

        tell();

        assertThat(events).hasSize(1).allMatch(event -> event.deployment().isEmpty());
    }

    @Test
    void whatWasLetThroughOrNotThereOrIsOfThisBootIsNoNews() throws Exception {
        tell();
        verdict(BEFORE, STAGED, "LET_THROUGH", 0);
        tell();
        verdict(BEFORE, Optional.empty(), "NOTHING_STAGED", 0);
        tell();
        try (Host host = host()) {
            verdict(host.bootId(), STAGED, "NO_PASS", 0);
        }
        tell();

        assertThat(events).isEmpty();
    }

    @Test
    void aVerdictThatNobodyWroteIsLeftToStatusAndOneThatCannotBeReadIsAnError() throws Exception {
        Path file = directory.resolve("gate-verdict");
        Files.writeString(file, "something else\n");
        tell();
        Files.delete(file);
        Files.createDirectory(file);

        assertThatThrownBy(this::tell)
                .isInstanceOfSatisfying(
                        LockstepException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE))
                .hasMessageContaining("gate-verdict");
        assertThat(events).isEmpty();
    }
}
