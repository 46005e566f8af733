package dev.lockstep.podman.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Small files that are there whole or not at all, whatever happens to the power.
 *
 * <p>Every method has its fault points, named after its {@code subject}.
 */
public final class DurableFiles {
    /** Ends the name of a file that was being written; what is left of one after a crash is rubbish. */
    public static final String TEMPORARY_SUFFIX = ".lockstep-tmp";

    private DurableFiles() {}

    /**
     * Replaces a file: a temporary one beside it is written, fsynced and renamed over it, then the directory is fsynced.
     *
     * <p>After success the new content is on the medium. After a failure or a crash the file has its old content or its new one, never a
     * mixture; a temporary file may be left.
     *
     * @throws IOException with the file system's reason, no space among them
     */
    public static void write(String subject, Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + TEMPORARY_SUFFIX);
        try (FileChannel channel = FileChannel.open(
                temporary,
                java.util.Set.of(
                        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            FaultPoints.around(subject + ".fsync", () -> channel.force(true));
        }
        FaultPoints.around(subject + ".rename", () -> Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE));
        syncDirectory(subject, directory(file));
    }

    /** Removes a file if it is there, and makes its absence durable. */
    public static void delete(String subject, Path file) throws IOException {
        FaultPoints.around(subject + ".unlink", () -> Files.deleteIfExists(file));
        syncDirectory(subject, directory(file));
    }

    /** Renames within one file system and makes both directories' new content durable. The target is replaced if it is a file. */
    public static void rename(String subject, Path from, Path to) throws IOException {
        FaultPoints.around(subject + ".rename", () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
        syncDirectory(subject, directory(to));
        if (!directory(from).equals(directory(to))) {
            syncDirectory(subject + ".source", directory(from));
        }
    }

    /** Makes a directory's list of names durable. */
    public static void syncDirectory(String subject, Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            FaultPoints.around(subject + ".fsync-directory", () -> channel.force(true));
        }
    }

    /** Makes everything on the file system that holds {@code path} durable. */
    public static void syncFileSystem(String subject, Path path) throws IOException {
        FaultPoints.around(subject + ".syncfs", () -> Posix.syncFileSystem(path));
    }

    /**
     * Removes a directory and all below it without following links; nothing happens when it is not there. A crash in the middle leaves the
     * rest of it, so only what may be half there is removed this way.
     */
    public static void deleteTree(String subject, Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        FaultPoints.around(subject + ".remove", () -> Files.walkFileTree(directory, new Remover()));
    }

    private static Path directory(Path file) {
        return java.util.Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
