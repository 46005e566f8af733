package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Event;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Occurrence;
import dev.lockstep.orchestrator.Reboots;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The reboot after a commit. One that is put off is a transient timer of the service manager, so nothing of Lockstep has to stay alive for it; it
 * is gone with any other reboot before, which leads to the new deployment just as well.
 */
final class Rebooting {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SERVICE = "lockstep-reboot.service";
    private static final String TIMER = "lockstep-reboot.timer";
    private static final DateTimeFormatter CALENDAR =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);
    private static final DateTimeFormatter WORDS =
            DateTimeFormatter.ofPattern("EEEE yyyy-MM-dd HH:mm zzz", Locale.ROOT);

    private final Tools tools;
    private final ZonedDateTime now;

    Rebooting(Tools tools, ZonedDateTime now) {
        this.tools = tools;
        this.now = now;
    }

    /** When a reboot follows what became of a command; only a commit wants one. */
    Optional<ZonedDateTime> time(Reports.Outcome outcome, Reboots reboots) {
        return switch (outcome.result()) {
            case COMMITTED -> reboots.after(now);
            case READY, UNCHANGED, ABORTED, ROLLED_BACK -> Optional.empty();
        };
    }

    /** What is told of it. */
    static Occurrence event(Reports.Outcome outcome, String words) {
        Occurrence reboot = Occurrence.of(Event.REBOOT, words);
        return outcome.transaction().map(reboot::within).orElse(reboot);
    }

    /** The same in words. */
    String words(ZonedDateTime time) {
        return time.isAfter(now)
                ? "The host reboots when the maintenance window opens, " + WORDS.format(time) + "; 'systemctl stop "
                        + TIMER + "' calls it off."
                : "The host reboots now.";
    }

    /**
     * Asks the service manager.
     *
     * @throws LockstepException TOOL_FAILED when it refuses; what was committed stays so
     */
    void at(ZonedDateTime time) throws LockstepException {
        if (!time.isAfter(now)) {
            require(ToolCall.changing("reboot", LIMIT, List.of("systemctl", "reboot")));
            return;
        }
        // The window may have been another one when the last run asked.
        run(ToolCall.changing("reboot-timer-stop", LIMIT, List.of("systemctl", "stop", TIMER)));
        require(ToolCall.changing(
                "reboot-timer",
                LIMIT,
                List.of(
                        "systemd-run",
                        "--unit=" + SERVICE,
                        "--on-calendar=" + CALENDAR.format(time.withZoneSameInstant(ZoneOffset.UTC)),
                        "--timer-property=AccuracySec=1s")));
    }

    private void require(ToolCall call) throws LockstepException {
        ToolResult result = run(call);
        if (!result.succeeded()) {
            throw new LockstepException(
                    ErrorCode.TOOL_FAILED,
                    "the commit is done, but '" + String.join(" ", call.arguments()) + "' "
                            + result.termination().describe() + ": "
                            + result.errorTail().strip(),
                    "reboot with 'systemctl reboot' when it suits");
        }
    }

    private ToolResult run(ToolCall call) throws LockstepException {
        try {
            return tools.run(call);
        } catch (ToolMissingException e) {
            throw new LockstepException(
                    ErrorCode.TOOL_MISSING, String.valueOf(e.getMessage()), "reboot when it suits", e);
        }
    }
}
