package dev.lockstep.podman;

import java.nio.file.Path;
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

    public static PullArguments prepare(
            RootFiles root,
            dev.lockstep.manifest.PullOptions options,
            Optional<Path> defaultAuthFile,
            Path runtimeDirectory)
            throws ImageException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws ImageException {
        throw new UnsupportedOperationException();
    }
}
