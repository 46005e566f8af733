package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep abort}. */
@Command(
        name = "abort",
        mixinStandardHelpOptions = true,
        description = "Gives up the open transaction. What boots next is unchanged.")
final class AbortCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        return requireNonNull(root).change("abort", Lockstep::abort, "Abort", Map.of());
    }
}
