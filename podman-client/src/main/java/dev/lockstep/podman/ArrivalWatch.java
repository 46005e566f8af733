package dev.lockstep.podman;

import dev.lockstep.podman.process.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Watches a program by what has arrived from it, counted elsewhere. */
final class ArrivalWatch implements Watch {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final LongSupplier arrived;
    private final PullWatch watch;
    private final InstantSource clock;
    private final long before;
    private Instant looked;
    private Instant alive;
    private long received;

    /**
     * Of a program that is about to start.
     *
     * @param arrived bytes in all, those of programs before it included
     */
    ArrivalWatch(LongSupplier arrived, PullWatch watch, InstantSource clock) {
        this.arrived = arrived;
        this.watch = watch;
        this.clock = clock;
        this.before = arrived.getAsLong();
        this.looked = clock.instant();
        this.alive = looked;
    }

    @Override
    public Optional<Duration> tooLongSilent(ProcessHandle program) {
        Instant now = clock.instant();
        if (Duration.between(looked, now).compareTo(EVERY) < 0) {
            return Optional.empty();
        }
        looked = now;
        long bytes = arrived.getAsLong() - before;
        if (bytes > received) {
            received = bytes;
            alive = now;
            watch.received().accept(bytes);
        }
        Duration silent = Duration.between(alive, now);
        return silent.compareTo(watch.silence()) > 0 ? Optional.of(silent) : Optional.empty();
    }
}
