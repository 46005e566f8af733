package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.SystemTools;
import dev.lockstep.systemd.json.JsonInput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "Tells what happened, oldest first, and which deployment each boot of the host ran.")
final class HistoryCommand implements Callable<Integer> {
    /**
     * What is answered.
     *
     * @param entries what happened, oldest first
     * @param boots of this host, oldest first; none on a sysroot that is not booted
     */
    public record Answer(List<Reports.HistoryEntry> entries, List<Boots.Boot> boots) {}

    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        List<Reports.HistoryEntry> entries = command.ask(
                Lockstep::history,
                client -> JsonInput.readList(client.call("GetHistory", Map.of()), Reports.HistoryEntry.class));
        List<Boots.Boot> boots =
                Layout.meansBooted(command.options.sysroot) ? new Boots(SystemTools.here()).of(entries) : List.of();
        command.answer("history", new Answer(entries, boots), TextOutput.history(entries) + TextOutput.boots(boots));
        return 0;
    }
}
