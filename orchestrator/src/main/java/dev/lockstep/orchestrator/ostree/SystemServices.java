package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The booted host's systemd, as far as an upgrade depends on it. */
final class SystemServices {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String FINALIZATION = "ostree-finalize-staged.service";

    private final Tools tools;

    SystemServices(Tools tools) {
        this.tools = tools;
    }

    /**
     * Makes sure that the shutdown will finalize: the service's stop does it, and that runs only when the service is active. It is not after a
     * soft reboot or when somebody stopped it.
     */
    void requireFinalization() throws LockstepException {
        ToolResult started =
                run(ToolCall.changing("finalization-start", LIMIT, List.of("systemctl", "start", FINALIZATION)));
        ToolResult active = run(ToolCall.reading(LIMIT, List.of("systemctl", "is-active", FINALIZATION)));
        if (!started.succeeded() || !active.succeeded()) {
            throw new LockstepException(
                    ErrorCode.ENGINE_FAILED,
                    FINALIZATION + " is not active, so a shutdown would not make the staged deployment boot: "
                            + (started.errorTail() + active.text()).strip(),
                    "see 'systemctl status " + FINALIZATION + "', then run 'lockstep retry'");
        }
    }

    /** Whether this boot counts as done, health checks included. */
    boolean hasCompletedBoot() throws LockstepException {
        return run(ToolCall.reading(LIMIT, List.of("systemctl", "is-active", "--quiet", "boot-complete.target")))
                .succeeded();
    }

    /**
     * Starts the units with drop-ins in a directory that something wants and that failed, or never became active since the host booted. A
     * unit that somebody stopped stays stopped.
     *
     * @return their names
     */
    List<String> startWaiting(Path dropIns) throws LockstepException {
        List<String> waiting = new ArrayList<>();
        for (String unit : unitsOf(dropIns)) {
            if (isWaiting(unit)) {
                waiting.add(unit);
            }
        }
        if (!waiting.isEmpty()) {
            List<String> reset = new ArrayList<>(List.of("systemctl", "reset-failed", "lockstep-bind.service"));
            reset.addAll(waiting);
            run(ToolCall.changing("units-reset", LIMIT, reset));
            List<String> start = new ArrayList<>(List.of("systemctl", "start", "--no-block"));
            start.addAll(waiting);
            ToolResult result = run(ToolCall.changing("units-start", LIMIT, start));
            if (!result.succeeded()) {
                throw new LockstepException(
                        ErrorCode.TOOL_FAILED,
                        "the images are here, but systemd did not start " + String.join(", ", waiting) + ": "
                                + result.errorTail().strip(),
                        "start them with 'systemctl start'");
            }
        }
        return waiting;
    }

    private static List<String> unitsOf(Path dropIns) throws LockstepException {
        if (!Files.isDirectory(dropIns)) {
            return List.of();
        }
        List<String> units = new ArrayList<>();
        try (var directories = Files.newDirectoryStream(dropIns, "*.service.d")) {
            for (Path directory : directories) {
                String name = String.valueOf(directory.getFileName());
                units.add(name.substring(0, name.length() - ".d".length()));
            }
        } catch (IOException e) {
            throw Failures.sysroot("list", dropIns, e);
        }
        units.sort(null);
        return units;
    }

    private boolean isWaiting(String unit) throws LockstepException {
        ToolResult shown = run(ToolCall.reading(
                LIMIT,
                List.of(
                        "systemctl",
                        "show",
                        "--property=ActiveState,ActiveEnterTimestampMonotonic,WantedBy,RequiredBy",
                        unit)));
        List<String> properties = shown.text().lines().toList();
        boolean wanted = properties.stream().anyMatch(line -> line.matches("(WantedBy|RequiredBy)=.+"));
        boolean failed = properties.contains("ActiveState=failed");
        boolean never =
                properties.contains("ActiveState=inactive") && properties.contains("ActiveEnterTimestampMonotonic=0");
        return wanted && (failed || never);
    }

    private ToolResult run(ToolCall call) throws LockstepException {
        try {
            return tools.run(call);
        } catch (ToolMissingException e) {
            throw new LockstepException(
                    ErrorCode.ENGINE_MISSING, String.valueOf(e.getMessage()), "run this on a host with systemd", e);
        }
    }
}
