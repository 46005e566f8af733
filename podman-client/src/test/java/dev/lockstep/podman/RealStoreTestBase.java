package dev.lockstep.podman;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real registry for the tests of a class, and a real, empty store for each of them. */
abstract class RealStoreTestBase {

    @TempDir
    static Path registryDirectory = Path.of("/nowhere");

    static String host = "";

    @TempDir
    Path directory = Path.of("/nowhere");

    private @Nullable RealStore opened;

    @BeforeAll
    static void startRegistry() throws IOException {
        host = RealStore.startRegistry(registryDirectory);
    }

    @AfterAll
    static void stopRegistry() throws IOException {
        RealStore.stopRegistry(registryDirectory);
    }

    @BeforeEach
    void open() throws IOException {
        opened = new RealStore(directory, host);
    }

    @AfterEach
    void close() {
        real().close();
    }

    RealStore real() {
        return Objects.requireNonNull(opened);
    }
}
