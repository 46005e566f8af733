package dev.lockstep.podman.process;

import dev.lockstep.podman.disk.FaultPoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The programs of this host. */
public final class SystemTools implements Tools {
    private static final int ERROR_TAIL = 4096;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);

    private final ProcessStarter starter;
    private final Cancellation cancellation;

    /**
     * @param starter where programs are started
     * @param cancellation ends the calls that can be ended
     */
    public SystemTools(ProcessStarter starter, Cancellation cancellation) {
        this.starter = starter;
        this.cancellation = cancellation;
    }

    /** Programs that see what this process sees, and that nothing but their limit ends early. */
    public static SystemTools here() {
        return here(new Cancellation());
    }

    /** Programs that see what this process sees. */
    public static SystemTools here(Cancellation cancellation) {
        return new SystemTools(ProcessBuilder::start, cancellation);
    }

    @Override
    public ToolResult run(ToolCall call) throws ToolMissingException {
        return switch (call.effect()) {
            case ToolCall.Effect.Reads ignored -> runOnce(call, true);
            case ToolCall.Effect.Changes changes -> {
                FaultPoints.reached(changes.subject() + ".before");
                ToolResult result = runOnce(call, changes.stoppable());
                FaultPoints.reached(changes.subject() + ".after");
                yield result;
            }
        };
    }

    private ToolResult runOnce(ToolCall call, boolean stoppable) throws ToolMissingException {
        if (stoppable && cancellation.requested()) {
            return new ToolResult(new Termination.Cancelled(), new byte[0], "");
        }
        ProcessBuilder builder = new ProcessBuilder(call.arguments());
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        // Messages are matched by their English text, so the locale is fixed.
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(call.environment());
        Process process;
        try {
            process = starter.start(builder);
        } catch (IOException e) {
            throw new ToolMissingException(call.arguments().get(0), e);
        }
        CompletableFuture<byte[]> output = inBackground("output", () -> readAll(process.getInputStream()));
        CompletableFuture<String> errors = inBackground("errors", () -> readErrors(process.getErrorStream()));
        Termination termination = waitFor(process, call, stoppable);
        return new ToolResult(termination, output.join(), errors.join());
    }

    private Termination waitFor(Process process, ToolCall call, boolean stoppable) {
        Instant deadline = Instant.now().plus(call.limit());
        while (true) {
            try {
                if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return Termination.of(process.exitValue());
                }
            } catch (InterruptedException e) {
                cancellation.request();
            }
            if (stoppable && cancellation.requested()) {
                end(process);
                return new Termination.Cancelled();
            }
            Optional<Duration> silence = call.watch().tooLongSilent(process.toHandle());
            if (silence.isPresent()) {
                end(process);
                return new Termination.Silent(silence.get());
            }
            if (Instant.now().isAfter(deadline)) {
                end(process);
                return new Termination.TimedOut();
            }
        }
    }

    /**
     * SIGTERM, then SIGKILL after a grace period, to the program and to what it started. Signals go by handle: {@link
     * Process#destroy} would also close the streams under the threads that read them.
     */
    private static void end(Process process) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        family.forEach(ProcessHandle::destroy);
        try {
            for (long waited = 0; waited < GRACE.toMillis() && alive(family); waited += POLL.toMillis()) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // What it started meanwhile would keep its streams open.
        Stream.concat(process.descendants(), family.stream()).toList().forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    private static boolean alive(List<ProcessHandle> family) {
        return family.stream().anyMatch(ProcessHandle::isAlive);
    }

    private static <T> CompletableFuture<T> inBackground(String name, java.util.function.Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().name(name).start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static byte[] readAll(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readErrors(InputStream stream) {
        StringBuilder tail = new StringBuilder();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String redacted = Secrets.redact(line);
                tail.append(redacted).append('\n');
                if (tail.length() > ERROR_TAIL) {
                    tail.delete(0, tail.length() - ERROR_TAIL);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tail.toString().strip();
    }
}
