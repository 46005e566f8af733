package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.json.JsonOutput;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Follows what lockstepd does, one line a change, until it is interrupted.",
            "With --json each line is a JSON object: time, object, property, value."
        })
final class WatchCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 200;

    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        try (DaemonClient client = DaemonClient.open()) {
            Watched watched = client.subscribe();
            client.properties(BusNames.ROOT, BusNames.MANAGER)
                    .forEach((name, value) -> tell(command, BusNames.ROOT, name, value));
            while (!command.isInterrupted()) {
                Optional<Watched.Event> event = watched.next(POLL_MILLIS);
                if (event.isPresent() && !tell(command, event.get())) {
                    return 1;
                }
            }
        }
        return 0;
    }

    /** False when nothing will come any more. */
    private static boolean tell(LockstepCommand command, Watched.Event event) {
        switch (event) {
            case Watched.Event.Changed changed ->
                changed.values().forEach((name, value) -> tell(command, changed.path(), name, value));
            case Watched.Event.Finished ignored -> {
                return true;
            }
            case Watched.Event.Owner owner -> tell(command, BusNames.ROOT, "Daemon", owner.here() ? "here" : "gone");
            case Watched.Event.NoBus ignored -> {
                return false;
            }
        }
        return true;
    }

    private static void tell(LockstepCommand command, String path, String name, Object value) {
        String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        if (command.options.json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", time);
            line.put("object", path);
            line.put("property", name);
            line.put("value", value);
            command.terminal().out().println(JsonOutput.line(line));
        } else {
            String object = path.substring(path.lastIndexOf('/') + 1);
            String text = String.valueOf(value).lines().findFirst().orElse("");
            command.terminal().out().println(time + " " + object + " " + name + " " + text);
        }
        command.terminal().out().flush();
    }
}
