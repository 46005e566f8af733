package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Progress;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.podman.process.Cancellation;
import java.util.Optional;

/**
 * What is so on the host. Many who ask at once are answered by one look, which is never older than a quarter of a second and never from before
 * the last change of our own.
 */
final class HostView {
    private static final long FRESH_NANOS = 250_000_000;

    private final Settings settings;
    private final Object looking = new Object();
    private volatile Optional<Seen> last = Optional.empty();

    private record Seen(Reports.Status status, long time) {
        boolean isFresh() {
            return System.nanoTime() - time < FRESH_NANOS;
        }
    }

    HostView(Settings settings) {
        this.settings = settings;
    }

    /** The status, looked at now or a moment ago. */
    Reports.Status status() throws LockstepException {
        synchronized (looking) {
            Optional<Seen> seen = last.filter(Seen::isFresh);
            if (seen.isPresent()) {
                return seen.get().status();
            }
            long time = System.nanoTime();
            Reports.Status status = look(Lockstep::status);
            last = Optional.of(new Seen(status, time));
            return status;
        }
    }

    /** The status as it was last seen; for those who cannot be told of a failure. */
    Optional<Reports.Status> lastSeen() {
        try {
            return Optional.of(status());
        } catch (LockstepException e) {
            return last.map(Seen::status);
        }
    }

    /** What was seen is not so any more. */
    void forget() {
        synchronized (looking) {
            last = Optional.empty();
        }
    }

    /** A question that changes nothing. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Lockstep lockstep) throws LockstepException;
    }

    /** Asks the orchestrator what no configuration decides. */
    <T> T look(Question<T> question) throws LockstepException {
        try (Lockstep lockstep = settings.openToLook()) {
            return question.ask(lockstep);
        }
    }

    /** Asks the orchestrator. */
    <T> T ask(Question<T> question) throws LockstepException {
        try (Lockstep lockstep = settings.open(Optional.empty(), Progress.SILENT, new Cancellation())) {
            return question.ask(lockstep);
        }
    }

    /** Whether a call names no other target than the configured one. */
    boolean isConfigured(Optional<Target> target) {
        try {
            return target.isEmpty() || settings.now().target().equals(target);
        } catch (LockstepException e) {
            return false;
        }
    }
}
