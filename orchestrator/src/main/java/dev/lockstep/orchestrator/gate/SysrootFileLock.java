package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * ostree's lock on a sysroot, {@code SYSROOT/ostree/lock}: whoever stages holds it until what is staged is noted. Waiting for it, and only then
 * reading what is staged, keeps a staging that runs into the shutdown from being finalized unseen; once the shutdown is queued, systemd refuses
 * to begin another one.
 */
public final class SysrootFileLock {
    private static final Duration POLL = Duration.ofMillis(50);

    private SysrootFileLock() {}

    /**
     * Waits until nobody holds the lock, by taking it and giving it back at once. Where the sysroot is mounted read-only a shared lock on a
     * channel that only reads does it. A sysroot without the file was never locked.
     *
     * @return false when somebody held it all the time
     * @throws IOException when the file cannot be opened or locked
     */
    public static boolean waitUntilFree(Path sysroot, Duration patience) throws IOException, InterruptedException {
        Path file = sysroot.resolve("ostree/lock");
        long begun = System.nanoTime();
        if (Files.notExists(file)) {
            return true;
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a regular file, so it cannot be locked");
        }
        try (FileChannel writing = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return waitUntilFree(writing, false, begun, patience);
        } catch (FileSystemException e) {
            // EROFS or EACCES; what keeps it from being read as well is told.
            try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
                return waitUntilFree(reading, true, begun, patience);
            }
        }
    }

    private static boolean waitUntilFree(FileChannel channel, boolean shared, long begun, Duration patience)
            throws IOException, InterruptedException {
        while (!isFree(channel, shared)) {
            if (System.nanoTime() - begun >= patience.toNanos()) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    private static boolean isFree(FileChannel channel, boolean shared) throws IOException {
        try (FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared)) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // This very process holds it.
            return false;
        }
    }
}
