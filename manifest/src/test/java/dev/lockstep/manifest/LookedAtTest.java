package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which paths of a root had a say in what was read. */
class LookedAtTest {
    @TempDir
    Path root;

    @BeforeEach
    void aRootWithLinks() throws Exception {
        Files.createDirectories(root.resolve("usr/lib"));
        Files.createDirectories(root.resolve("etc/real"));
        Files.writeString(root.resolve("etc/real/file"), "text", StandardCharsets.UTF_8);
        Files.createSymbolicLink(root.resolve("etc/first"), Path.of("real"));
        Files.createSymbolicLink(root.resolve("usr/lib/link"), Path.of("/etc/first/file"));
        Files.createSymbolicLink(root.resolve("usr/lib/loop"), Path.of("loop"));
    }

    @Test
    void everyStepOfALinkedWayIsThere() throws Exception {
        try (RootTree tree = RootTree.open(root)) {
            assertThat(tree.read("/usr/lib/link")).isPresent();

            assertThat(tree.lookedAt()).containsExactly("/etc/first/file", "/etc/real/file", "/usr/lib/link");
        }
    }

    @Test
    void whatIsNotThereWasLookedAtAsWell() throws Exception {
        try (RootTree tree = RootTree.open(root)) {
            tree.read("/etc/first/nothing");
            tree.list("/etc/none");

            assertThat(tree.lookedAt()).containsExactly("/etc/first/nothing", "/etc/none", "/etc/real/nothing");
        }
    }

    @Test
    void aFileBesideQuadletsMayBeADirectoryOfThemTheNextTime() throws Exception {
        Path beside = root.resolve("etc/containers/systemd/readme");
        Files.createDirectories(beside.getParent());
        Files.createFile(beside);
        try (RootTree tree = RootTree.open(root)) {
            BoundImages.of(tree);

            assertThat(tree.lookedAt()).contains("/etc/containers/systemd/readme");
        }
    }

    @Test
    void aLoopEnds() throws Exception {
        try (RootTree tree = RootTree.open(root)) {
            assertThat(tree.readLink("/usr/lib/loop")).contains("loop");

            assertThat(tree.lookedAt()).containsExactly("/usr/lib/loop");
        }
    }

    @Test
    void lookingAtItIsNotLookedAt() throws Exception {
        try (RootTree tree = RootTree.open(root)) {
            tree.exists("/etc/real/file");

            assertThat(tree.lookedAt()).isEqualTo(tree.lookedAt()).containsExactly("/etc/real/file");
        }
    }
}
