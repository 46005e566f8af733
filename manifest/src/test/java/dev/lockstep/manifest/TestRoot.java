package dev.lockstep.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a believable root in a directory of its own; every parent directory is made as needed. */
final class TestRoot {
    static final String BOUND = QuadletLinks.LOCKSTEP;
    static final String BOOTC = QuadletLinks.BOOTC;
    static final String QUADLETS = "/usr/share/containers/systemd";

    private final Path directory;

    private TestRoot(Path directory) {
        this.directory = directory;
    }

    /** An ostree checkout's layout: {@code /etc} is a link to {@code usr/etc}. */
    static TestRoot in(Path directory) {
        return new TestRoot(directory).directory("/usr/etc").link("/etc", "usr/etc");
    }

    /** Nothing but the directory. */
    static TestRoot bare(Path directory) {
        return new TestRoot(directory);
    }

    TestRoot file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    TestRoot file(String path, byte[] content) {
        return make(path, place -> Files.write(place, content));
    }

    TestRoot link(String path, String target) {
        return make(path, place -> Files.createSymbolicLink(place, Path.of(target)));
    }

    TestRoot directory(String path) {
        return make(path, Files::createDirectories);
    }

    TestRoot fifo(String path) {
        return make(path, place -> run("mkfifo", place.toString()));
    }

    TestRoot device(String path) {
        return make(path, place -> run("mknod", place.toString(), "c", "1", "5"));
    }

    /** A file whose name is not UTF-8: {@code <0xff>} and the ending. */
    TestRoot foreignName(String parent, String ending) {
        return make(
                parent + "/name",
                place -> run(
                        "sh",
                        "-c",
                        "cd \"$0\" && : > \"$(printf '\\377')$1\"",
                        directory.resolve(parent.substring(1)).toString(),
                        ending));
    }

    /** A Quadlet file in the image's directory, and a link to it in our own {@code bound-images.d}. */
    TestRoot bound(String name, String text) {
        return file(QUADLETS + "/" + name, text).link(BOUND + "/" + name, QUADLETS + "/" + name);
    }

    /** The same in bootc's own {@code bound-images.d}. */
    TestRoot boundByBootc(String name, String text) {
        return file(QUADLETS + "/" + name, text).link(BOOTC + "/" + name, QUADLETS + "/" + name);
    }

    Path path() {
        return directory;
    }

    BoundImages read() {
        try (RootTree root = RootTree.open(directory)) {
            return BoundImages.of(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private TestRoot make(String path, Making making) {
        try {
            Path place = directory.resolve(path.substring(1));
            Files.createDirectories(place.getParent());
            making.make(place);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Making {
        void make(Path place) throws IOException;
    }
}
