package dev.lockstep.podman;

import java.io.IOException;
import java.nio.file.Path;

/** Files of the root that binds an image, which pull options name. */
@FunctionalInterface
public interface RootFiles {
    /**
     * Copies a regular file, or the regular files of a directory, out of the root.
     *
     * @throws java.nio.file.NoSuchFileException when the root has nothing at this path
     */
    void copyOut(String path, Path destination) throws IOException;
}
