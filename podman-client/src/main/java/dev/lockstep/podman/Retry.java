package dev.lockstep.podman;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Tries again what can pass by itself: a registry that is busy, restarting or out of reach. The wait before a try is drawn evenly from nothing
 * up to a bound that doubles (exponential backoff with full jitter), so that a fleet of hosts does not come back to its registry at once.
 * There is a bound on the number of tries and on the time for all of them.
 */
public final class Retry {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 30;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;

    /**
     * Tries that wait.
     *
     * @param random need not be a secret one
     * @param pause what waiting is
     */
    public Retry(InstantSource clock, RandomGenerator random, Pause pause) {
        this.clock = clock;
        this.random = random;
        this.pause = pause;
    }

    /**
     * How often and how long.
     *
     * @param retries tries after the first one
     * @param firstDelay the most that is waited before the second try
     * @param deadline no try begins later than this after the first one began
     */
    public record Limits(int retries, Duration firstDelay, Duration deadline) {

        /** The most that is waited after so many failed tries. */
        Duration longestWait(int failures) {
            Duration bound = firstDelay.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
            return bound.compareTo(LONGEST_WAIT) > 0 ? longer(LONGEST_WAIT, firstDelay) : bound;
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) > 0 ? one : other;
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    public interface Attempt<T> {
        /** Tries once. */
        T run() throws ImageException;
    }

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        /** Returns true, early, when it is not to go on. */
        boolean await(Duration time) throws InterruptedException;
    }

    /** Is told of a failure and the wait that follows it. */
    @FunctionalInterface
    public interface Listener {
        /** The next try comes after {@code delay}. */
        void retrying(ImageException failure, Duration delay);
    }

    /** Tries until it succeeds, fails for good, or a limit is reached; then the last failure is thrown. */
    public <T> T run(Limits limits, Attempt<T> attempt, Listener listener) throws ImageException {
        Instant end = clock.instant().plus(limits.deadline());
        for (int failures = 1; ; failures++) {
            try {
                return attempt.run();
            } catch (ImageException e) {
                if (!e.error().passes() || failures > limits.retries()) {
                    throw e;
                }
                Duration delay = Duration.ofMillis(
                        random.nextLong(limits.longestWait(failures).toMillis() + 1));
                if (clock.instant().plus(delay).isAfter(end)) {
                    throw e;
                }
                listener.retrying(e, delay);
                if (stopped(delay)) {
                    throw e;
                }
            }
        }
    }

    private boolean stopped(Duration delay) {
        try {
            return pause.await(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
