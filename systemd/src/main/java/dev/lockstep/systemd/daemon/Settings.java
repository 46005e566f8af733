package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Configuration;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Progress;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.process.Cancellation;
import java.util.Optional;

/**
 * What the daemon works on, and how. The configuration is read anew whenever it is needed: nobody who has corrected the file has to tell a daemon
 * that he may not know of. A bad one is refused; whatever changes the host waits for its correction, and the last good one goes on serving those
 * who only look.
 */
final class Settings {
    private final Lockstep.Options where;
    private volatile Optional<Configuration> good = Optional.empty();

    Settings(Lockstep.Options where) {
        this.where = where;
    }

    /**
     * The configuration as the file has it now.
     *
     * @throws LockstepException CONFIGURATION with every problem of it
     */
    Configuration now() throws LockstepException {
        Configuration read = Configuration.load(where.configuration());
        good = Optional.of(read);
        return read;
    }

    /**
     * Opens the sysroot for work.
     *
     * @param from where images are taken from before a registry is asked
     */
    Lockstep open(Optional<OciDirectory> from, Progress progress, Cancellation cancellation) throws LockstepException {
        return Lockstep.open(where.from(from), now(), progress, cancellation);
    }

    /** Opens the sysroot for whoever only looks; a bad configuration is in the way only if there was no good one before. */
    Lockstep openToLook() throws LockstepException {
        return Lockstep.open(where, lastGood(), Progress.SILENT, new Cancellation());
    }

    private Configuration lastGood() throws LockstepException {
        try {
            return now();
        } catch (LockstepException e) {
            return good.orElseThrow(() -> e);
        }
    }
}
