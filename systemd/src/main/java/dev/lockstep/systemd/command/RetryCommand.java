package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep retry}. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = {
            "Goes on with the open transaction, with the digests that it had resolved.",
            "What was fetched before is not fetched again."
        })
final class RetryCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Mixin
    FromOption source = new FromOption();

    @Mixin
    ProgressOptions progress = new ProgressOptions();

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        command.alsoTell(progress.progress());
        command.takeImagesFrom(source.from());
        return command.change("retry", Lockstep::retry, "Retry", source.onTheBus());
    }
}
