package dev.lockstep.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program run by a test.
 *
 * @param arguments its name first
 * @param environment added to ours
 */
record Run(List<String> arguments, Map<String, String> environment) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** What it left behind. */
    record Ended(int status, String output, String errors) {

        /** Fails the test with everything it said, unless it exited like this. */
        Ended expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("expected status " + wanted + ", got " + status + "\n--- output\n" + output
                        + "\n--- errors\n" + errors);
            }
            return this;
        }
    }

    static Run of(Object... arguments) {
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return new Run(words, Map.of());
    }

    Run with(String name, String value) {
        Map<String, String> more = new java.util.HashMap<>(environment);
        more.put(name, value);
        return new Run(arguments, more);
    }

    Run and(Object... more) {
        List<String> words = new ArrayList<>(arguments);
        for (Object argument : more) {
            words.add(argument.toString());
        }
        return new Run(words, environment);
    }

    /** Starts it in the background. */
    Process start() {
        ProcessBuilder builder = new ProcessBuilder(arguments);
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it to its end. */
    Ended end() {
        return end(start());
    }

    /** Waits for a program that was started. */
    static Ended end(Process process) {
        CompletableFuture<String> output = read(process.getInputStream());
        CompletableFuture<String> errors = read(process.getErrorStream());
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("it ran longer than " + LIMIT + "\n" + errors.join());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return new Ended(process.exitValue(), output.join(), errors.join());
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }
}
