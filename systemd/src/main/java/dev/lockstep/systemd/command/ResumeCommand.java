package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the open transaction up again when a shutdown has lost what it had staged: it is staged and confirmed anew.",
            "A unit runs it at boot. After three boots in vain it leaves the transaction to an administrator's retry."
        })
final class ResumeCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        return requireNonNull(root).change("resume", Lockstep::resume);
    }
}
