package dev.lockstep.manifest;

import java.io.IOException;
import java.nio.file.Path;

/** A foreign root file system, read so that nothing in it can lead outside of it. */
public final class RootTree implements AutoCloseable {
    private final Path root;

    private RootTree(Path root) {
        this.root = root;
    }

    /** Opens a root. */
    public static RootTree open(Path root) throws IOException {
        return new RootTree(root);
    }

    /** The directory that is the root. */
    public Path path() {
        return root;
    }

    public java.util.Optional<byte[]> read(String path, long limit) throws IOException {
        return java.util.Optional.empty();
    }

    public java.util.List<String> list(String path) throws IOException {
        return java.util.List.of();
    }

    public boolean exists(String path) throws IOException {
        return false;
    }

    public java.util.Optional<String> readLink(String path) throws IOException {
        return java.util.Optional.empty();
    }

    public void copyOut(String path, Path destination) throws IOException {}

    @Override
    public void close() throws IOException {}
}
