package dev.lockstep.podman.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aFileIsReplacedAsAWholeAndReadableByItsOwnerAlone() throws Exception {
        Path file = directory.resolve("file");
        DurableFiles.write("test", file, bytes("old"));
        DurableFiles.write("test", file, bytes("new"));

        assertThat(file).hasContent("new");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whatACrashLeftOfAWriteIsNoHindrance() throws Exception {
        Files.writeString(
                directory.resolve(".file" + DurableFiles.TEMPORARY_SUFFIX), "a longer half of something else");

        DurableFiles.write("test", directory.resolve("file"), bytes("new"));

        assertThat(directory.resolve("file")).hasContent("new");
    }

    @Test
    void aWriteThatFailsLeavesTheOldContent() throws Exception {
        Path file = directory.resolve("file");
        DurableFiles.write("test", file, bytes("old"));
        Files.createDirectory(directory.resolve(".file" + DurableFiles.TEMPORARY_SUFFIX));

        assertThatThrownBy(() -> DurableFiles.write("test", file, bytes("new"))).isInstanceOf(IOException.class);
        assertThat(file).hasContent("old");
    }

    @Test
    void aTreeIsRemovedWithoutFollowingLinks() throws Exception {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "stays");
        Path tree = Files.createDirectories(directory.resolve("tree/deep/er"));
        Files.createSymbolicLink(tree.resolve("link"), kept);

        DurableFiles.deleteTree("test", directory.resolve("tree"));
        DurableFiles.deleteTree("test", directory.resolve("tree"));

        assertThat(directory.resolve("tree")).doesNotExist();
        assertThat(kept.resolve("file")).hasContent("stays");
    }

    @Test
    void syncingAFileSystemReturnsAndAMissingPathIsTold() throws Exception {
        DurableFiles.syncFileSystem("test", directory);

        assertThatThrownBy(() -> DurableFiles.syncFileSystem("test", directory.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }
}
