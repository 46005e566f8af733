package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep close}. */
@Command(
        name = "close",
        mixinStandardHelpOptions = true,
        description = {
            "Closes the last transaction by what really booted: the new deployment, or another one that the host fell back to.",
            "A unit runs it after boot-complete.target. Upgrades leave alone what the host fell back from."
        })
final class CloseCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        return requireNonNull(root).change("close", Lockstep::closeTransaction);
    }
}
