package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.systemd.json.JsonInput;
import java.util.Map;
import java.util.OptionalInt;
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

    /** What the terminal's width is said to be; lines are never cut when nobody says. */
    static OptionalInt columns(Map<String, String> environment) {
        String text = environment.getOrDefault("COLUMNS", "");
        return text.matches("[1-9][0-9]{0,4}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reports.Status status = command.ask(
                Lockstep::status, client -> JsonInput.read(client.call("Describe", Map.of()), Reports.Status.class));
        command.answer("status", status, StatusText.of(status, columns(System.getenv())));
        return status.whole() ? 0 : ErrorCode.Category.LACKING.exitStatus();
    }
}
