package dev.lockstep.podman.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named places around every durable call and every start of a tool that changes something, at which a test can end the process.
 *
 * <p>Nothing happens at a point unless the environment asks for it, as only tests do:
 * <ul>
 *   <li>{@code LOCKSTEP_FAULT=NAME#N} sends this process SIGKILL when it reaches the point for the Nth time (1-based);
 *       {@code NAME#N:term} sends SIGTERM instead and goes on.
 *   <li>{@code LOCKSTEP_FAULT_TRACE=FILE} appends a line {@code NAME} to FILE at every point, one {@code write(2)} each, so that a system
 *       call trace shows points and calls in one order.
 * </ul>
 * A name is {@code subject.before} or {@code subject.after}; the campaign of the integration tests lists them all.
 */
public final class FaultPoints {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final Optional<String> FAULT = Optional.ofNullable(System.getenv("LOCKSTEP_FAULT"));
    private static final Optional<Path> TRACE =
            Optional.ofNullable(System.getenv("LOCKSTEP_FAULT_TRACE")).map(Path::of);
    private static final Map<String, AtomicInteger> VISITS = new ConcurrentHashMap<>();

    private FaultPoints() {}

    /** Runs a durable action between its two points. */
    public static <E extends Exception> void around(String subject, Action<E> action) throws E {
        reached(subject + ".before");
        action.run();
        reached(subject + ".after");
    }

    /** Marks that a point has been reached; returns unless the environment asks for the end of this process here. */
    public static void reached(String name) {
        if (FAULT.isEmpty() && TRACE.isEmpty()) {
            return;
        }
        TRACE.ifPresent(file -> append(file, name));
        int visit = VISITS.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
        String here = name + "#" + visit;
        if (FAULT.filter(here::equals).isPresent()) {
            end(SIGKILL);
        }
        if (FAULT.filter((here + ":term")::equals).isPresent()) {
            end(SIGTERM);
        }
    }

    private static void end(int signal) {
        Posix.kill(ProcessHandle.current().pid(), signal);
    }

    private static void append(Path file, String name) {
        try {
            Files.writeString(
                    file, name + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trace of fault points", e);
        }
    }

    /** Something durable to do. */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        /** Does it. */
        void run() throws E;
    }
}
