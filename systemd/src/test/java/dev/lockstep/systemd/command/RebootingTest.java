package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reboots;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolResult;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RebootingTest {
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-01-02T12:00:00+01:00[Europe/Berlin]");
    private static final Reboots IMMEDIATE = new Reboots(Reboots.Strategy.IMMEDIATE, Optional.empty());

    private final List<List<String>> calls = new ArrayList<>();

    private Rebooting rebooting(int status) {
        return new Rebooting(
                (ToolCall call) -> {
                    calls.add(call.arguments());
                    return new ToolResult(Termination.of(status), new byte[0], "why");
                },
                NOW);
    }

    private static Reports.Outcome outcome(Reports.Result result) {
        return new Reports.Outcome(
                result, "", Optional.empty(), Optional.empty(), Optional.empty(), List.of(), 0, 0, 0, 0, List.of());
    }

    @ParameterizedTest
    @EnumSource(Reports.Result.class)
    void onlyACommitIsFollowedByAReboot(Reports.Result result) {
        assertThat(rebooting(0).time(outcome(result), IMMEDIATE).isPresent())
                .isEqualTo(result == Reports.Result.COMMITTED);
    }

    @Test
    void nowIsAskedForAtOnce() throws Exception {
        rebooting(0).at(NOW);

        assertThat(calls).containsExactly(List.of("systemctl", "reboot"));
    }

    @Test
    void laterIsATimerOfTheServiceManagerInTheTimeOfTheWorld() throws Exception {
        rebooting(0).at(NOW.plusHours(14).plusMinutes(30));

        assertThat(calls)
                .containsExactly(
                        List.of("systemctl", "stop", "lockstep-reboot.timer"),
                        List.of(
                                "systemd-run",
                                "--unit=lockstep-reboot.service",
                                "--on-calendar=2026-01-03 01:30:00 UTC",
                                "--timer-property=AccuracySec=1s"));
    }

    @Test
    void aRefusalSaysThatTheCommitStands() {
        assertThatThrownBy(() -> rebooting(1).at(NOW))
                .isInstanceOf(LockstepException.class)
                .hasMessageContaining("the commit is done")
                .hasMessageContaining("why");
    }
}
