package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep adopt}. */
@Command(
        name = "adopt",
        mixinStandardHelpOptions = true,
        description = {
            "Takes up what another program has staged on the booted host: its images are fetched, and then it is committed.",
            "A unit runs it whenever something is staged. A lock that was on it before is never lifted (exit status 7)."
        })
final class AdoptCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        return requireNonNull(root).change("adopt", Lockstep::adopt);
    }
}
