package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep history}. */
@Command(name = "history", mixinStandardHelpOptions = true, description = "Tells what happened, oldest first.")
final class HistoryCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        List<Reports.HistoryEntry> entries = command.ask(Lockstep::history);
        command.answer("history", entries, TextOutput.history(entries));
        return 0;
    }
}
