package dev.lockstep.manifest;

import dev.lockstep.manifest.UnreadableException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Copies credentials, certificates and policies of a root to where a program of this host can be given them. */
final class CopyOut {
    /** The most files of one directory: a directory of certificates has a handful. */
    private static final int MOST_FILES = 1024;

    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final RootTree root;

    CopyOut(RootTree root) {
        this.root = root;
    }

    void copy(String path, Path destination) throws IOException {
        FileKind kind = root.kind(path).orElseThrow(() -> new NoSuchFileException(path, null, "not in the root"));
        List<Path> made = new ArrayList<>();
        try {
            switch (kind) {
                case REGULAR, LINK, OTHER -> copyFile(path, destination, made);
                case DIRECTORY -> copyDirectory(path, destination, made);
            }
        } catch (IOException | RuntimeException e) {
            undo(made, e);
            throw e;
        }
    }

    private void copyDirectory(String path, Path destination, List<Path> made) throws IOException {
        RootTree.Listing listing =
                root.list(path).orElseThrow(() -> new NoSuchFileException(path, null, "not in the root"));
        if (!listing.foreign().isEmpty()) {
            throw new UnreadableException(
                    path,
                    Reason.BAD_NAME,
                    "has a name that is not UTF-8: " + listing.foreign().getFirst());
        }
        if (listing.names().size() > MOST_FILES) {
            throw new UnreadableException(path, Reason.TOO_MANY_ENTRIES, "has more than " + MOST_FILES + " entries");
        }
        Files.createDirectory(destination, PRIVATE_DIRECTORY);
        made.add(destination);
        for (String name : listing.names()) {
            String file = path + "/" + name;
            if (root.kind(file).filter(FileKind.REGULAR::equals).isPresent()) {
                copyFile(file, child(destination, file, name), made);
            }
        }
    }

    private static Path child(Path directory, String file, String name) throws UnreadableException {
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            throw new UnreadableException(file, Reason.BAD_NAME, "has a name that this locale cannot write");
        }
    }

    private void copyFile(String path, Path destination, List<Path> made) throws IOException {
        try (OutputStream sink = Channels.newOutputStream(Files.newByteChannel(
                destination, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE))) {
            made.add(destination);
            if (!root.transfer(path, RootTree.DEFAULT_LIMIT, sink)) {
                throw new NoSuchFileException(path, null, "not in the root");
            }
        }
    }

    private static void undo(List<Path> made, Exception cause) {
        for (Path path : made.reversed()) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
