package dev.lockstep.orchestrator;

import dev.lockstep.manifest.RootTree;
import java.util.List;

/**
 * A deployment engine: lays out operating system trees and writes boot loader entries. Nothing that is staged can boot before
 * {@link #commit}.
 */
public interface Deployments {

    /** Fails unless the engine is installed and new enough. */
    void checkVersion() throws LockstepException;

    /** The deployments that boot loader entries lead to, in the order in which the boot loader offers them. Changes nothing. */
    List<Deployment> observe() throws LockstepException;

    /**
     * Waits, bounded, until no run of the engine is under way, an orphaned one of a killed run included, and keeps others out until the
     * result is closed. None of the methods that change something may be called meanwhile.
     *
     * @throws LockstepException ENGINE_BUSY when it is not given up in time
     */
    EngineLock lock() throws LockstepException;

    /** What a target means now. Changes nothing. */
    ResolvedTarget resolve(Target target, TargetAccess access) throws LockstepException;

    /**
     * Brings the target's tree into the sysroot, where it can be read and cannot boot. What an earlier, interrupted call brought is used.
     *
     * <p>After a failure the sysroot's entries are as before; what was fetched so far may stay for the next call.
     */
    Staged stage(ResolvedTarget target, TargetAccess access) throws LockstepException;

    /** A commit that the repository has, staged; it is brought back to where it can be read if need be. */
    java.util.Optional<Staged> staged(String checksum) throws LockstepException;

    /** The staged tree as its units will see it. */
    RootTree root(Staged staged) throws LockstepException;

    /** A deployment's tree. */
    RootTree root(Deployment deployment) throws LockstepException;

    /**
     * The one act that makes a staged tree bootable: it becomes the default entry, the former one stays. When it fails, the entries say
     * whether it happened: observe.
     *
     * @param origin written into the deployment, so that it can be told where it came from
     */
    Deployment commit(Staged staged, Deployment.Origin origin) throws LockstepException;

    /** Forgets a staged tree; nothing when it is not there. Deployments of the same commit stay. */
    void discard(String checksum) throws LockstepException;

    /**
     * Makes a former deployment the default entry again.
     *
     * @return the deployment that boots next now, which may be a new one of the same commit
     */
    Deployment rollback(Deployment former, Deployment.Origin origin) throws LockstepException;

    /** What a rollback with this engine means for {@code /etc}, in a sentence. */
    String rollbackNote();

    /** Held while nobody else may change the sysroot. */
    interface EngineLock extends AutoCloseable {
        @Override
        void close() throws LockstepException;
    }
}
