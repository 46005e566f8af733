package dev.lockstep.podman.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of another program.
 *
 * @param arguments the program's name first; never read by a shell
 * @param environment added to our own environment
 * @param limit how long it may run
 * @param effect what an interruption of it means
 * @param watch looks at it while it runs
 */
public record ToolCall(
        List<String> arguments, Map<String, String> environment, Duration limit, Effect effect, Watch watch) {

    public ToolCall {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A call that only reads. */
    public static ToolCall reading(Duration limit, List<String> arguments) {
        return new ToolCall(arguments, Map.of(), limit, new Effect.Reads(), Watch.NONE);
    }

    /** A call that changes something; {@code subject} names its fault points. */
    public static ToolCall changing(String subject, Duration limit, List<String> arguments) {
        return new ToolCall(arguments, Map.of(), limit, new Effect.Changes(subject, true), Watch.NONE);
    }

    /** The same with more environment. */
    public ToolCall with(Map<String, String> more) {
        java.util.LinkedHashMap<String, String> all = new java.util.LinkedHashMap<>(environment);
        all.putAll(more);
        return new ToolCall(arguments, all, limit, effect, watch);
    }

    /** The same, looked at while it runs. */
    public ToolCall watchedBy(Watch watcher) {
        return new ToolCall(arguments, environment, limit, effect, watcher);
    }

    /** The same, but left to finish when this process is asked to stop. */
    public ToolCall finishing() {
        Effect whole = switch (effect) {
            case Effect.Reads reads -> reads;
            case Effect.Changes changes -> new Effect.Changes(changes.subject(), false);
        };
        return new ToolCall(arguments, environment, limit, whole, watch);
    }

    /** The program's name without its directory. */
    public String program() {
        return Optional.ofNullable(Path.of(arguments.get(0)).getFileName())
                .map(Path::toString)
                .orElse(arguments.get(0));
    }

    /** What a call does to the world. */
    public sealed interface Effect {
        /** Nothing: it can be ended at any time. */
        record Reads() implements Effect {}

        /**
         * It changes a store, a repository or a sysroot.
         *
         * @param subject names the fault points before and after it
         * @param stoppable whether it is ended when this process is asked to stop; otherwise it is waited for
         */
        record Changes(String subject, boolean stoppable) implements Effect {}
    }
}
