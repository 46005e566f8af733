package dev.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ext4 file system of its own, small enough to fill.
 *
 * @param mounted where it is mounted
 */
record SmallFileSystem(Path mounted) implements AutoCloseable {
    private static final String FILLER = "filler";

    static SmallFileSystem make(Path at, int mebibytes) {
        Path image = at.resolveSibling(at.getFileName() + ".ext4");
        try {
            Files.createDirectories(at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Run.of("truncate", "--size=" + mebibytes + "M", image).end().expect(0);
        Run.of("mkfs.ext4", "-q", "-m", "0", "-F", image).end().expect(0);
        Run.of("mount", "-o", "loop", image, at).end().expect(0);
        return new SmallFileSystem(at);
    }

    /** Leaves only so much room. */
    void fill(int kibibytesLeft) {
        try {
            long free = Files.getFileStore(mounted).getUsableSpace() / 1024 - kibibytesLeft;
            Run.of("fallocate", "--length=" + free + "KiB", mounted.resolve(FILLER))
                    .end()
                    .expect(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void makeRoom() {
        try {
            Files.delete(mounted.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Run.of("umount", "--lazy", mounted).end().expect(0);
    }
}
