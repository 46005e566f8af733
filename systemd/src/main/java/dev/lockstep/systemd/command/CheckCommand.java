package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.systemd.json.JsonInput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Asks whether the target has moved on. Changes nothing.")
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Mixin
    TargetOptions target = new TargetOptions();

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reports.Check check = command.ask(
                lockstep -> lockstep.check(target.target(), target.tlsVerify()),
                client -> JsonInput.read(client.call("Check", target.onTheBus()), Reports.Check.class));
        command.answer("check", check, TextOutput.check(check));
        return 0;
    }
}
