package dev.lockstep.orchestrator;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checks that a new root brings along ({@code [[check]]} of its {@code lockstep.toml}): commands of that root, run in it read-only and
 * without a network before its images are called ready. What they write to {@code /run}, {@code /tmp} and {@code /var} is gone with them.
 */
final class StagedChecks {
    private static final List<String> PLACES =
            List.of("/etc/lockstep/lockstep.toml", "/usr/lib/lockstep/lockstep.toml");

    /** Everything below the root becomes read-only before the command begins; mounts end with its namespace. */
    private static final String CONFINE = """
            root=$1
            shift
            mount --rbind "$root" "$root"
            cd "$root"
            mount -o remount,bind,ro .
            if [ ! -L etc ]; then mount --bind etc etc; mount -o remount,bind,ro etc; fi
            mount -t proc -o nosuid,nodev,noexec proc proc
            mount --rbind /dev dev
            for directory in run tmp var; do mount -t tmpfs -o nosuid,nodev tmpfs "$directory"; done
            exec chroot . "$@"
            """;

    private static final int MOST_OUTPUT = 2000;

    private final Tools tools;
    private final Progress progress;

    StagedChecks(Tools tools, Progress progress) {
        this.tools = tools;
        this.progress = progress;
    }

    /** The checks of a root; none when it has no configuration. */
    static List<Configuration.Check> of(RootTree root) throws LockstepException, IOException {
        for (String place : PLACES) {
            Optional<byte[]> text = root.read(place);
            if (text.isPresent()) {
                return Configuration.parse(new String(text.get(), StandardCharsets.UTF_8), "the new root's " + place)
                        .checks();
            }
        }
        return List.of();
    }

    /**
     * Runs all, so that everything that is wrong is told at once.
     *
     * @param root where programs see the new root
     * @throws LockstepException CHECK_FAILED with what the failing ones printed
     */
    void run(Path root, List<Configuration.Check> checks) throws LockstepException {
        List<String> failures = new ArrayList<>();
        for (Configuration.Check check : checks) {
            progress.step(Progress.Step.CHECK, check.name());
            ToolResult result = run(root, check);
            if (!result.succeeded()) {
                failures.add(check.name() + " " + result.termination().describe() + output(result));
            }
        }
        if (!failures.isEmpty()) {
            throw new LockstepException(
                    ErrorCode.CHECK_FAILED,
                    "the new root's own checks hold the commit:\n  " + String.join("\n  ", failures),
                    "correct what they found and run 'lockstep retry', or give up with 'lockstep abort'");
        }
    }

    private ToolResult run(Path root, Configuration.Check check) throws LockstepException {
        List<String> arguments = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--net",
                "--ipc",
                "--uts",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-ec",
                CONFINE));
        arguments.add("check");
        arguments.add(root.toString());
        arguments.addAll(check.command());
        try {
            return tools.run(ToolCall.reading(check.limit(), arguments));
        } catch (ToolMissingException e) {
            throw new LockstepException(
                    ErrorCode.TOOL_MISSING, String.valueOf(e.getMessage()), "install util-linux", e);
        }
    }

    private static String output(ToolResult result) {
        String text = (result.text() + result.errorTail()).strip();
        if (text.isEmpty()) {
            return ", and printed nothing";
        }
        String tail = text.length() > MOST_OUTPUT ? "…" + text.substring(text.length() - MOST_OUTPUT) : text;
        return ", and printed:\n    " + tail.replace("\n", "\n    ");
    }
}
