package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.process.Cancellation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of Lockstep, in this process. A failure always says in which state it left the host.
 */
public final class Lockstep implements AutoCloseable {
    private final Host host;
    private final Inspection inspection;
    private final Reconciliation reconciliation;

    private Lockstep(Host host) {
        this.host = host;
        this.inspection = new Inspection(host);
        this.reconciliation = new Reconciliation(host);
    }

    /**
     * Where and how.
     *
     * @param sysroot the sysroot, {@code /} when booted
     * @param configuration a configuration file instead of the host's
     * @param stateroot the state root, when the sysroot has several
     * @param from where images are taken from before a registry is asked
     */
    public record Options(
            Path sysroot, Optional<Path> configuration, Optional<String> stateroot, Optional<OciDirectory> from) {

        /** The same with another place for images. */
        public Options from(Optional<OciDirectory> directory) {
            return new Options(sysroot, configuration, stateroot, directory);
        }
    }

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
        return open(options, Configuration.load(options.configuration()), progress, cancellation);
    }

    /** The same with a configuration that was read before. */
    public static Lockstep open(
            Options options, Configuration configuration, Progress progress, Cancellation cancellation)
            throws LockstepException {
        Layout layout = Layout.of(options.sysroot(), options.stateroot());
        return new Lockstep(new Host(layout, configuration, new OfflineImages(options.from()), progress, cancellation));
    }

    /** What is so. Changes nothing. */
    public Reports.Status status() throws LockstepException {
        return inspection.status();
    }

    /** Whether the target has moved on. Changes nothing. */
    public Reports.Check check(Optional<Target> target, Optional<Boolean> tlsVerify) throws LockstepException {
        host.prepareToAsk();
        Target wanted = target.or(host.configuration::target)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.TARGET_UNKNOWN,
                        "there is no target to look up",
                        "name one with --target, or as 'target' in /etc/lockstep/lockstep.toml"));
        TargetAccess access = new TargetAccess(tlsVerify.or(host.configuration::tlsVerify));
        return inspection.check(host.deployments.resolve(wanted, access));
    }

    /** Moves the host to the target, or as far as it gets. */
    public Reports.Outcome upgrade(UpgradeRequest request) throws LockstepException {
        return changing("upgrade", () -> upgrades().upgrade(request));
    }

    /** Continues the open transaction with the digests that it had resolved. */
    public Reports.Outcome retry() throws LockstepException {
        return changing("retry", () -> upgrades().retry());
    }

    /** Takes up again what a shutdown lost, in a few boots. */
    public Reports.Outcome resume() throws LockstepException {
        return changing("resume", () -> upgrades().resume());
    }

    /** Closes the last transaction by what really booted. */
    public Reports.Outcome closeTransaction() throws LockstepException {
        return changing("close", () -> upgrades().close());
    }

    /** Commits the transaction that is ready. */
    public Reports.Outcome commit() throws LockstepException {
        return changing("commit", () -> upgrades().commit());
    }

    /** Commits the open transaction whatever its images are. */
    public Reports.Outcome force(String who, String why) throws LockstepException {
        return changing("commit", () -> upgrades().force(new GatePass.Forced(who, why)));
    }

    /** Takes up what another program has staged on the booted host. */
    public Reports.Outcome adopt() throws LockstepException {
        // What Lockstep itself stages is looked at without its lock, which the run that stages it holds.
        Optional<Reports.Outcome> nothing = upgrades().nothingToAdopt();
        return nothing.isPresent()
                ? nothing.get()
                : changing("adopt", () -> upgrades().adopt());
    }

    /** Makes the booted deployment whole: its images, its tags, and the units that could not start without them. */
    public Reports.Outcome repair() throws LockstepException {
        return changing("repair", () -> new Restoration(host, reconciliation, new Outcomes(host, inspection)).run());
    }

    /** Gives up the open transaction. */
    public Reports.Outcome abort() throws LockstepException {
        return changing("abort", () -> upgrades().abort());
    }

    /** Makes the former deployment boot next. */
    public Reports.Outcome rollback() throws LockstepException {
        return changing("rollback", () -> new Rollback(host, reconciliation, new Outcomes(host, inspection)).run());
    }

    /** Checks every recorded deployment's images; deep recomputes their contents. Changes nothing. */
    public Reports.Verification verify(boolean deep) throws LockstepException {
        return inspection.verify(deep);
    }

    /** Binds tags to the digests of the deployment that boots next, or of one named {@code checksum.serial} or a prefix of it. */
    public Reports.Binding bind(Optional<String> deployment) throws LockstepException {
        return changing("bind", () -> new TagBinding(host).bind(reconciliation.run(), deployment));
    }

    /** Removes the images that no deployment needs any more; a preview only tells which. */
    public Reports.Collection collect(boolean preview) throws LockstepException {
        // Without the lock first: at most boots nothing is to be removed, and nobody should wait for that.
        Reports.Collection wanted = new Collecting(host).preview();
        return preview || wanted.isNothing()
                ? wanted
                : changing("gc", () -> new Collecting(host).run(reconciliation.run()));
    }

    /** What happened, oldest first. */
    public List<Reports.HistoryEntry> history() throws LockstepException {
        return host.history.read();
    }

    private Upgrades upgrades() {
        return new Upgrades(host, reconciliation, new Outcomes(host, inspection));
    }

    /** Something that changes a host. */
    @FunctionalInterface
    private interface Changing<T> {
        T run() throws LockstepException;
    }

    private <T> T changing(String command, Changing<T> work) throws LockstepException {
        List<Deployment> before = host.deployments.observe();
        try {
            host.prepareToWrite();
            try (TransactionLock ignored = TransactionLock.take(host.layout.lockFile(), command)) {
                try {
                    return work.run();
                } catch (LockstepException e) {
                    note(command, e);
                    throw e;
                }
            }
        } catch (LockstepException e) {
            throw e.leaving(HostState.after(before, host.deployments));
        }
    }

    /** A failure goes into the history; if that fails as well, it must not hide the first one. */
    private void note(String command, LockstepException failure) {
        try {
            Event event = failure.code().category() == ErrorCode.Category.HELD ? Event.HELD : Event.FAILED;
            host.events.note(Occurrence.of(event, command + ": " + failure.code() + ": " + failure.getMessage())
                    .because(failure));
        } catch (LockstepException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        host.close();
    }
}
