package dev.lockstep.podman;

import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Pull options as podman and skopeo take them, with every file on this host. Closing it removes the files that were made for it.
 *
 * @param directory 0700 directory in the runtime directory that holds the copies
 */
public record PullArguments(
        Path directory,
        Optional<Path> authFile,
        Optional<Boolean> tlsVerify,
        Optional<String> architecture,
        Optional<String> operatingSystem,
        Optional<String> variant,
        Optional<Path> certificateDirectory,
        Optional<Path> decryptionKey,
        Optional<Path> signaturePolicy)
        implements AutoCloseable {

    /** Begins the names of directories of this kind; what is left of one after a crash is rubbish. */
    static final String PREFIX = "pull-";

    /**
     * Copies the files that the options name out of the root that binds the image, or takes those of the running host where the root has none.
     *
     * @param defaultAuthFile credentials for options that name none
     * @param runtimeDirectory in memory, so that credentials never reach a disk
     * @throws ImageException PULL_OPTION_FILE when a file is nowhere
     */
    public static PullArguments prepare(
            RootFiles root, PullOptions options, Optional<Path> defaultAuthFile, Path runtimeDirectory)
            throws ImageException {
        Path directory = makeDirectory(runtimeDirectory);
        try {
            Optional<Path> authFile = copied(root, options.authFile(), directory, "auth.json");
            return new PullArguments(
                    directory,
                    authFile.isPresent() ? authFile : defaultAuthFile,
                    options.tlsVerify(),
                    options.architecture(),
                    options.operatingSystem(),
                    options.variant(),
                    copied(root, options.certificateDirectory(), directory, "certs"),
                    copied(root, options.decryptionKey(), directory, "key"),
                    copied(root, options.signaturePolicy(), directory, "policy.json"));
        } catch (ImageException e) {
            remove(directory);
            throw e;
        }
    }

    private static Path makeDirectory(Path runtimeDirectory) throws ImageException {
        try {
            Files.createDirectories(runtimeDirectory);
            return Files.createTempDirectory(
                    runtimeDirectory,
                    PREFIX,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot make a directory in " + runtimeDirectory + ": " + e.getMessage(),
                    "see to the permissions of " + runtimeDirectory,
                    e);
        }
    }

    private static Optional<Path> copied(RootFiles root, Optional<String> named, Path directory, String name)
            throws ImageException {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Path copy = directory.resolve(name);
        try {
            root.copyOut(named.get(), copy);
            return Optional.of(copy);
        } catch (NoSuchFileException e) {
            Path onHost = Path.of(named.get());
            if (Files.isReadable(onHost)) {
                return Optional.of(onHost);
            }
            throw unusable(named.get(), "it is neither in the root that names it nor on this host", e);
        } catch (IOException e) {
            throw unusable(named.get(), String.valueOf(e.getMessage()), e);
        }
    }

    private static ImageException unusable(String file, String reason, IOException cause) {
        return new ImageException(
                ImageError.PULL_OPTION_FILE,
                "the file " + file + " that a pull option names cannot be used: " + reason,
                "put it into the image of the operating system, or on this host",
                cause);
    }

    private static void remove(Path directory) throws ImageException {
        try {
            DurableFiles.deleteTree("pull-arguments", directory);
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot remove " + directory + ", which may hold credentials: " + e.getMessage(),
                    "remove it by hand",
                    e);
        }
    }

    @Override
    public void close() throws ImageException {
        remove(directory);
    }
}
