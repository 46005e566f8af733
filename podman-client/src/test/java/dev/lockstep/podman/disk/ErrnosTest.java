package dev.lockstep.podman.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnosTest {

    @TempDir
    Path directory = Path.of("/nowhere");

    /** Does something that the system refuses. */
    private interface Refused {
        void run() throws IOException;
    }

    private static OptionalInt errno(Refused refused) {
        try {
            refused.run();
        } catch (IOException e) {
            return Errnos.of(new IllegalStateException("one more", e));
        }
        throw new AssertionError("not refused");
    }

    @Test
    void whatTheSystemRefusesHasItsNumber() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(errno(() -> Files.readString(directory.resolve("none")))).hasValue(2);
        assertThat(errno(() -> Files.createFile(file))).hasValue(17);
        assertThat(errno(() -> Files.readString(file.resolve("below")))).hasValue(20);
        assertThat(errno(() -> Files.readString(directory))).hasValue(21);
        assertThat(errno(() -> Files.writeString(Path.of("/dev/full"), "x"))).hasValue(28);
        assertThat(errno(() -> Posix.syncFileSystem(directory.resolve("none")))).hasValue(2);
    }

    @Test
    void whatIsNoFailureOfTheSystemHasNone() {
        assertThat(errno(() -> {
                    throw new IOException("the line is too long");
                }))
                .isEmpty();
        assertThat(Errnos.of(new IllegalArgumentException("No space left on device")))
                .isEmpty();
    }
}
