package dev.lockstep.orchestrator;

import dev.lockstep.podman.process.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A bounded number of threads that wait for programs. They are never interrupted: who wants them to end asks for cancellation, and their
 * programs are ended. Results are taken by the one thread that gives the work. Closing waits for what runs.
 */
final class Workers<T> implements AutoCloseable {
    private final ExecutorService threads;
    private final CompletionService<T> results;
    private final Cancellation cancellation;
    private int running;

    Workers(String name, int atMost, Cancellation cancellation) {
        // Threads of the system: traces tell them apart by their numbers.
        this.threads = Executors.newFixedThreadPool(
                atMost, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
        this.results = new ExecutorCompletionService<>(threads);
        this.cancellation = cancellation;
    }

    /** Begins work, or has it wait for a thread. It throws nothing. */
    void begin(Supplier<T> work) {
        results.submit(work::get);
        running++;
    }

    /** How many have begun whose result was not taken. */
    int running() {
        return running;
    }

    /** The next result; empty when none came in time. */
    Optional<T> take(Duration patience) {
        while (true) {
            try {
                Future<T> ended = results.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (ended == null) {
                    return Optional.empty();
                }
                running--;
                return Optional.of(ended.get());
            } catch (InterruptedException e) {
                cancellation.request();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
