package dev.lockstep.orchestrator;

import dev.lockstep.manifest.RootTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A deployment engine: lays out operating system trees and writes boot loader entries. Nothing that is staged can boot before
 * {@link #commit}.
 */
public interface Deployments {

    /** Fails unless the engine is installed and new enough. */
    void checkVersion() throws LockstepException;

    /** The deployments that boot loader entries lead to, in the order in which the boot loader offers them. Changes nothing. */
    List<Deployment> observe() throws LockstepException;

    /** The deployment that this host runs from; empty on a sysroot that is not booted. Changes nothing. */
    Optional<Deployment> booted() throws LockstepException;

    /** What the next shutdown may make the default entry; always empty on an engine whose commit takes effect at once. */
    Optional<Staging> staging() throws LockstepException;

    /**
     * Waits, bounded, until no run of the engine is under way, an orphaned one of a killed run included, and keeps others out until the
     * result is closed. None of the methods that change something may be called meanwhile.
     *
     * @throws LockstepException ENGINE_BUSY when it is not given up in time
     */
    EngineLock lock() throws LockstepException;

    /** What a target means now. Changes nothing. */
    ResolvedTarget resolve(Target target, TargetAccess access) throws LockstepException;

    /** What is to be fetched before the target's tree can be staged. Changes nothing. */
    TreeToFetch toFetch(ResolvedTarget target) throws LockstepException;

    /**
     * Brings the target's tree into the sysroot, where it can be read and cannot boot. What an earlier, interrupted call brought is used.
     *
     * <p>After a failure the sysroot's entries are as before; what was fetched so far may stay for the next call.
     *
     * @param origin of the deployment that is to come of it
     */
    Staged stage(ResolvedTarget target, TargetAccess access, Deployment.Origin origin) throws LockstepException;

    /** A commit that the repository has, staged; it is brought back to where it can be read if need be. */
    Optional<Staged> staged(String checksum, Deployment.Origin origin) throws LockstepException;

    /**
     * Makes sure that nothing that is staged takes effect before it is committed.
     *
     * @return whether somebody else's lock holds it, which is never lifted
     */
    boolean hold() throws LockstepException;

    /** The staged tree as its units will see it. */
    RootTree root(Staged staged) throws LockstepException;

    /** Where programs see the staged tree, once {@link #root(Staged)} has shown it. */
    Path inside(Staged staged);

    /** A deployment's tree. */
    RootTree root(Deployment deployment) throws LockstepException;

    /**
     * The one act that makes a staged tree bootable: it becomes the default entry, the former one stays. When it fails, the entries and
     * {@link #staging} say whether it happened: observe.
     *
     * @return the deployment, which no entry leads to before the next shutdown if {@link #commitsAtShutdown}
     */
    Deployment commit(Staged staged, Confirmed confirmed) throws LockstepException;

    /** Whether a commit takes effect when the host is shut down, not at once. */
    boolean commitsAtShutdown();

    /** Forgets a staged tree; nothing when it is not there. Deployments of the same commit stay. */
    void discard(String checksum) throws LockstepException;

    /**
     * Makes a former deployment the default entry again.
     *
     * @return the deployment that boots next now, which may be a new one of the same commit
     */
    Deployment rollback(Deployment former, Deployment.Origin origin) throws LockstepException;

    /** Whether a rollback makes a new deployment of the former commit, rather than the former one itself boot next. */
    boolean rollbackRedeploys();

    /** What a rollback with this engine means for {@code /etc}, in a sentence. */
    String rollbackNote();

    /**
     * Keeps what a deployment's units need before they start, for its next boot: paths below the directory of generated units, to their texts.
     */
    void prepareBoot(Deployment deployment, Map<String, String> units) throws LockstepException;

    /**
     * Starts the booted host's units that did not start because their images or tags were not here.
     *
     * @return their names
     */
    List<String> startWaiting() throws LockstepException;

    /** Removes what killed runs left in the sysroot; nobody else may be at work in it. */
    void removeLeftOvers() throws LockstepException;

    /** What was committed and then taken back by somebody else before a shutdown led to it, {@code CHECKSUM.SERIAL}. */
    Optional<String> takenBack() throws LockstepException;

    /** Whether the booted host has reached boot-complete.target: what runs has proved that it boots. */
    boolean hasCompletedBoot() throws LockstepException;

    /** Whether the shutdown of an earlier boot made this deployment the default entry, as a commit wanted; a soft reboot is no boot. */
    boolean wasFinalizedBeforeBoot(Deployment deployment) throws LockstepException;

    /** What an administrator should know of the engine's state: a refused staging, writers that went past the gate. */
    List<String> remarks() throws LockstepException;

    /** Held while nobody else may change the sysroot. */
    interface EngineLock extends AutoCloseable {
        @Override
        void close() throws LockstepException;
    }
}
