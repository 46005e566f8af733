package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.bus.BusBody;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep commit}. */
@Command(
        name = "commit",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the transaction that is ready boot next (after upgrade --download-only).",
            "With --force it does so whatever its images are; who wanted that and why is kept and shown."
        })
final class CommitCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @ArgGroup(exclusive = false)
    @Nullable
    Force force;

    /** What an administrator must say to commit without images. */
    static final class Force {
        @Option(names = "--force", required = true, description = "Commit although images are missing.")
        boolean given;

        @Option(
                names = "--yes-without-images",
                required = true,
                description = "Confirms that the new deployment may boot without its images.")
        boolean confirmed;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
        String reason = "no reason given";
    }

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Force forced = force;
        return forced == null
                ? command.change("commit", Lockstep::commit, "Commit", Map.of())
                : command.change(
                        "commit",
                        lockstep -> lockstep.force(caller(), forced.reason),
                        "Commit",
                        Map.of("force", BusBody.variant("b", true), "reason", BusBody.variant(forced.reason)));
    }

    /** Who runs the command: the user that became root with sudo or pkexec, else the login name. */
    private static String caller() {
        return LockstepCommand.given(System.getenv("SUDO_USER"))
                .or(() -> LockstepCommand.given(System.getenv("LOGNAME")))
                .orElse(String.valueOf(System.getProperty("user.name")));
    }
}
