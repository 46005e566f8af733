package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep commit}. */
@Command(
        name = "commit",
        mixinStandardHelpOptions = true,
        description = "Makes the transaction that is ready boot next (after upgrade --download-only).")
final class CommitCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        return requireNonNull(root).change("commit", Lockstep::commit);
    }
}
