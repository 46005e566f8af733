package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.ErrorCode;
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

/** {@code lockstep verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the images of every deployment: manifest, configuration, layers, durability.",
            "Changes nothing. Exit status 6 when the deployment that is booted, or boots next, is not whole."
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Option(names = "--deep", description = "Recompute the digest of every layer from its files.")
    boolean deep;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reports.Verification verification = command.ask(
                lockstep -> lockstep.verify(deep),
                client -> JsonInput.read(
                        client.call("Verify", Map.of("deep", BusBody.variant("b", deep))), Reports.Verification.class));
        command.answer("verify", verification, TextOutput.verification(verification));
        return verification.whole() ? 0 : ErrorCode.Category.LACKING.exitStatus();
    }
}
