package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, kept by {@code openat2}. */
final class RootTreeByKernelTest extends RootTreeContract {

    @BeforeEach
    void kernelHasIt() throws IOException {
        int root = FileStatus.open(0, new byte[] {'/'}, LibC.O_PATH | LibC.O_DIRECTORY);
        boolean works = Openat2.works(root);
        LibC.INSTANCE.close(root);
        assumeTrue(works, "this kernel has no openat2");
    }

    @Override
    RootedOpen opener() {
        return new Openat2();
    }

    @Test
    void whatIsNoDirectoryIsNoRoot() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> RootTree.open(file)).isInstanceOf(UnreadableException.class);
        assertThatThrownBy(() -> RootTree.open(temporary.resolve("nowhere"))).isInstanceOf(UnreadableException.class);
        try (RootTree root = RootTree.open(temporary)) {
            assertThat(root.path()).isEqualTo(temporary);
        }
    }
}
