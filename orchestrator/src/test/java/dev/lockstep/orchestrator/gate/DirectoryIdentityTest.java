package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryIdentityTest {

    @TempDir
    Path directory;

    @Test
    void itIsWhatStatTells() throws Exception {
        Path made = Files.createDirectory(directory.resolve("a"));
        Process stat = new ProcessBuilder("stat", "-c", "%i@%.9W", made.toString()).start();
        String told = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(stat.waitFor()).isZero();

        assertThat(DirectoryIdentity.of(made)).hasToString(told.replace(".", ""));
    }

    @Test
    void aDirectoryThatIsChangedOrRenamedStaysTheSame() throws Exception {
        Path made = Files.createDirectory(directory.resolve("a"));
        DirectoryIdentity before = DirectoryIdentity.of(made);

        Files.writeString(made.resolve("file"), "x");
        Files.setLastModifiedTime(made, FileTime.fromMillis(0));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));

        assertThat(DirectoryIdentity.of(Files.move(made, directory.resolve("b"))))
                .isEqualTo(before);
    }

    @Test
    void aDirectoryThatIsMadeAnewIsAnother() throws Exception {
        Path made = Files.createDirectory(directory.resolve("a"));
        DirectoryIdentity before = DirectoryIdentity.of(made);
        Files.delete(made);
        assertThat(DirectoryIdentity.of(Files.createDirectory(made))).isNotEqualTo(before);
    }

    @Test
    void theTextIsReadBack() throws Exception {
        DirectoryIdentity identity = DirectoryIdentity.of(directory);
        assertThat(DirectoryIdentity.parse(identity.toString())).contains(identity);
        for (String wrong : new String[] {"", "1", "1@", "@1", "01@1", "1@ 1", "1@1\n", "1@9999999999999999999"}) {
            assertThat(DirectoryIdentity.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void aLinkIsNoDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        assertThatThrownBy(() -> DirectoryIdentity.of(link)).isInstanceOf(NotDirectoryException.class);
    }
}
