package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.json.JsonInput;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep gc}. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = {
            "Removes the images that no deployment needs any more, with the pins and records of deployments that are gone.",
            "Nothing is removed while a transaction is open or something that is staged has not booted."
        })
final class GcCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Option(names = "--dry-run", description = "Only tell what would be removed.")
    boolean dryRun;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reports.Collection collection = command.ask(
                lockstep -> lockstep.collect(dryRun),
                client -> JsonInput.read(
                        client.call("Collect", Map.of("dry-run", BusBody.variant("b", dryRun))),
                        Reports.Collection.class));
        command.answer("gc", collection, TextOutput.collection(collection));
        return 0;
    }
}
