package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep repair}. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the deployment that is in use whole: what is missing is fetched, what is damaged mended.",
            "Tags are bound, and the units that could not start without them started. Images keep the digests that are recorded."
        })
final class RepairCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Mixin
    FromOption source = new FromOption();

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        command.takeImagesFrom(source.from());
        return command.change("repair", Lockstep::repair, "Repair", source.onTheBus());
    }
}
