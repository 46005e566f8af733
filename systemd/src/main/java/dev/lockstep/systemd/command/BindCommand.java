package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep bind}. */
@Command(
        name = "bind",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the tags of the image store mean the images of the deployment that boots next.",
            "Run at a deployment's first boot; until then the former deployment's containers keep their images."
        })
final class BindCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Option(
            names = "--deployment",
            paramLabel = "ID",
            description = "Another deployment: CHECKSUM.SERIAL, or its beginning.")
    @Nullable
    String deployment;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reports.Binding binding = command.ask(lockstep -> lockstep.bind(LockstepCommand.given(deployment)));
        command.answer("bind", binding, TextOutput.binding(binding));
        return 0;
    }
}
