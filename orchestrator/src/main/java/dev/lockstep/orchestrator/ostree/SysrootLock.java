package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.Deployments;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.podman.process.LivingProcesses;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * ostree's own lock on a sysroot, {@code ostree/lock}: a POSIX record lock, which Java's file locks are as well. An
 * {@code ostree admin deploy} that a killed run left behind may not have taken it yet, so it is waited for by its command line.
 */
final class SysrootLock implements Deployments.EngineLock {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final FileChannel channel;

    private SysrootLock(FileChannel channel) {
        this.channel = channel;
    }

    static SysrootLock take(Path sysroot) throws LockstepException {
        Path file = sysroot.resolve("ostree/lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Instant deadline = Instant.now().plus(PATIENCE);
            while (!isTaken(channel, sysroot)) {
                if (Instant.now().isAfter(deadline)) {
                    channel.close();
                    throw busy(file);
                }
                Thread.sleep(POLL);
            }
            return new SysrootLock(channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockstepException(
                    ErrorCode.CANCELLED, "stopped while waiting for ostree's lock", "run 'lockstep retry' to go on", e);
        } catch (IOException e) {
            throw Failures.sysroot("lock", file, e);
        }
    }

    /**
     * Takes the lock unless a deploy holds it or is about to want it. A process that is becoming another program has no command line for a
     * moment, so that is looked at once more when the lock is ours.
     */
    private static boolean isTaken(FileChannel channel, Path sysroot) throws IOException, InterruptedException {
        FileLock lock = isDeploying(sysroot) ? null : channel.tryLock();
        if (lock == null) {
            return false;
        }
        Thread.sleep(POLL);
        if (!isDeploying(sysroot)) {
            return true;
        }
        lock.release();
        return false;
    }

    private static boolean isDeploying(Path sysroot) throws IOException {
        return LivingProcesses.look().anyRuns(List.of("admin", "deploy", "--sysroot=" + sysroot));
    }

    private static LockstepException busy(Path file) {
        return new LockstepException(
                ErrorCode.ENGINE_BUSY,
                "another run of ostree has held " + file + " for " + PATIENCE.toMinutes() + " minutes",
                "see what it is with 'fuser " + file + "', let it end, then run 'lockstep retry'");
    }

    @Override
    public void close() throws LockstepException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.SYSROOT_UNUSABLE,
                    "ostree's lock cannot be released: " + Failures.reason(e),
                    "see to the sysroot's file system",
                    e);
        }
    }
}
