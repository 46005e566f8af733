package dev.lockstep.podman.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is free on a file system for a process without privilege.
 *
 * @param bytes that are free
 * @param files how many can still be made; {@link Long#MAX_VALUE} where the file system does not count them
 */
public record Space(long bytes, long files) {

    /** Asks the file system of a path, or of the nearest directory above it that exists. */
    public static Space of(Path path) throws IOException {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Posix.space(existing);
    }
}
