package dev.lockstep.orchestrator;

import dev.lockstep.podman.ResolvedImage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Adds up what the pulls of one step bring and tells it, never less than before, at most four times a second and once at the end. By several
 * threads at once.
 */
final class Transfers {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final long total;
    private final Progress progress;
    private final InstantSource clock;
    private Instant told = Instant.MIN;
    private long done;

    /**
     * Of one step.
     *
     * @param total bytes that are to be fetched
     */
    Transfers(long total, Progress progress, InstantSource clock) {
        this.total = total;
        this.progress = progress;
        this.clock = clock;
    }

    /** Counts what an image brings. */
    Counter counter(ResolvedImage image) {
        return new Counter(image.reference().toString());
    }

    private synchronized void add(Counter image, long bytes) {
        done = Math.min(total, done + bytes);
        Instant now = clock.instant();
        // What several pulls tell within that time is told together, by the last of them.
        if (told.equals(Instant.MIN) || Duration.between(told, now).compareTo(EVERY) >= 0 || done == total) {
            told = now;
            progress.transfer(new Progress.Transfer(image.reference, image.done, image.total, done, total));
        }
    }

    /** What one image has brought; a pull that is tried again does not count again what it fetches again. */
    final class Counter {
        private final String reference;
        private long total;
        private long done;
        private long before;

        private Counter(String reference) {
            this.reference = reference;
        }

        /** A try begins that has so many bytes to fetch. */
        void begins(long missing) {
            synchronized (Transfers.this) {
                total = Math.max(total, missing);
                before = total - missing;
            }
        }

        /** This try has brought so many bytes. */
        void received(long bytes) {
            synchronized (Transfers.this) {
                long now = Math.min(total, before + bytes);
                if (now > done) {
                    long more = now - done;
                    done = now;
                    add(this, more);
                }
            }
        }

        /** Everything of it has come. */
        void ends() {
            received(total);
        }
    }
}
