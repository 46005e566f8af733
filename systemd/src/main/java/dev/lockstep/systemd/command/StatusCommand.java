package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Tells which state the host is in: what is booted, what boots next, what can be rolled back to, what is under way.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reports.Status status = command.ask(Lockstep::status);
        command.answer("status", status, TextOutput.status(status));
        return status.whole() ? 0 : ErrorCode.Category.LACKING.exitStatus();
    }
}
