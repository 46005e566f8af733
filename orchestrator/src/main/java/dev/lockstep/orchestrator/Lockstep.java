package dev.lockstep.orchestrator;

import dev.lockstep.podman.process.Cancellation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What can be asked of Lockstep, in this process. */
public final class Lockstep implements AutoCloseable {

    private Lockstep() {}

    /**
     * Where and how.
     *
     * @param sysroot the sysroot, {@code /} when booted
     * @param configuration a configuration file instead of the host's
     */
    public record Options(Path sysroot, Optional<Path> configuration, Optional<String> stateroot) {}

    /**
     * An upgrade as it is asked for.
     *
     * @param target instead of the configured one
     * @param tlsVerify for the operating system's image, instead of the configured one
     * @param downloadOnly stop when ready, before the boot loader entry is written
     */
    public record UpgradeRequest(Optional<Target> target, Optional<Boolean> tlsVerify, boolean downloadOnly) {}

    /** Opens a sysroot. Nothing is changed on disk. */
    public static Lockstep open(Options options, Progress progress, Cancellation cancellation)
            throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** What is so. Changes nothing. */
    public Reports.Status status() throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Whether the target has moved on. Changes nothing. */
    public Reports.Check check(Optional<Target> target, Optional<Boolean> tlsVerify) throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Moves the host to the target, or as far as it gets. */
    public Reports.Outcome upgrade(UpgradeRequest request) throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Continues the open transaction with the digests that it had resolved. */
    public Reports.Outcome retry() throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Commits the transaction that is ready. */
    public Reports.Outcome commit() throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Gives up the open transaction. */
    public Reports.Outcome abort() throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Makes the former deployment boot next. */
    public Reports.Outcome rollback() throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Checks every recorded deployment's images; deep recomputes their contents. Changes nothing. */
    public Reports.Verification verify(boolean deep) throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** Binds tags to the digests of the deployment that boots next, or of one named {@code checksum.serial} or a prefix of it. */
    public Reports.Binding bind(Optional<String> deployment) throws LockstepException {
        throw new UnsupportedOperationException();
    }

    /** What happened, oldest first. */
    public List<Reports.HistoryEntry> history() throws LockstepException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
