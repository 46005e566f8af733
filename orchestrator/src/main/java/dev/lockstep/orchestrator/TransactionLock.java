package dev.lockstep.orchestrator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two transactions apart: an advisory lock on a file beside the state, which the kernel drops with its process. The file says who
 * holds it; its content means nothing without the lock.
 */
final class TransactionLock implements AutoCloseable {
    private static final int LONGEST_HOLDER = 512;

    private final FileChannel channel;

    private TransactionLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock or fails at once.
     *
     * @param command named to the one who finds the lock held
     * @throws LockstepException LOCK_HELD with the holder's process and command
     */
    static TransactionLock take(Path file, String command) throws LockstepException {
        try {
            Files.createDirectories(directory(file));
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw new LockstepException(
                        ErrorCode.LOCK_HELD,
                        "another transaction is in hand: " + (holder.isBlank() ? "its holder left no name" : holder),
                        "wait for it to end, or stop it; 'lockstep status' shows how far it got");
            }
            try {
                write(channel, command);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return new TransactionLock(channel);
        } catch (IOException e) {
            throw Failures.state("lock", file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_HOLDER);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }

    private static void write(FileChannel channel, String command) throws IOException {
        String holder = "'lockstep " + command + "' (process "
                + ProcessHandle.current().pid() + ", since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ")\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static Path directory(Path file) {
        return java.util.Objects.requireNonNull(file.getParent(), "a lock file has a directory");
    }

    @Override
    public void close() throws LockstepException {
        try {
            channel.truncate(0);
            channel.close();
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.STATE_UNUSABLE,
                    "the transaction lock cannot be released: " + Failures.reason(e),
                    "see to the file system of the state",
                    e);
        }
    }
}
