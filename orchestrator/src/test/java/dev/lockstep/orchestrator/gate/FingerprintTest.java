package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    private static final String FILE = "/etc/containers/systemd/a.image";

    @TempDir
    Path root;

    @BeforeEach
    void aRootWithAFile() throws Exception {
        Files.createDirectories(at(FILE).getParent());
        Files.writeString(at(FILE), "one");
    }

    private Path at(String path) {
        return RawPath.child(root, path);
    }

    private Fingerprint seen(String path) throws Exception {
        Fingerprint seen = Fingerprint.of(root, path);
        assertThat(seen.stillHolds(root)).isTrue();
        return seen;
    }

    @Test
    void aFileIsItsContent() throws Exception {
        Fingerprint seen = seen(FILE);
        assertThat(seen)
                .isEqualTo(new Fingerprint(
                        FILE,
                        Fingerprint.Kind.FILE,
                        "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"));

        Files.writeString(at(FILE), "One");
        assertThat(seen.stillHolds(root)).isFalse();
        Files.writeString(at(FILE), "one");
        assertThat(seen.stillHolds(root)).isTrue();
    }

    @Test
    void aFileThatGoesOrBecomesALinkToTheSameContentIsChanged() throws Exception {
        Fingerprint seen = seen(FILE);
        Files.move(at(FILE), at("/etc/other"));
        assertThat(seen.stillHolds(root)).isFalse();
        Files.createSymbolicLink(at(FILE), at("/etc/other"));
        assertThat(seen.stillHolds(root)).isFalse();
    }

    @Test
    void whatIsAbsentAndThenAppearsIsChanged() throws Exception {
        Fingerprint file = seen("/etc/none");
        Fingerprint below = seen("/etc/none/deeper");
        Fingerprint belowAFile = seen(FILE + "/x");
        assertThat(file.kind()).isEqualTo(Fingerprint.Kind.ABSENT);
        assertThat(below).isEqualTo(new Fingerprint("/etc/none/deeper", Fingerprint.Kind.ABSENT, ""));
        assertThat(belowAFile.kind()).isEqualTo(Fingerprint.Kind.ABSENT);

        Files.createDirectory(at("/etc/none"));
        assertThat(file.stillHolds(root)).isFalse();
        assertThat(below.stillHolds(root)).isTrue();
    }

    @Test
    void aDirectoryIsItsNames() throws Exception {
        Fingerprint seen = seen("/etc/containers/systemd");
        assertThat(seen.kind()).isEqualTo(Fingerprint.Kind.DIRECTORY);

        Files.writeString(at(FILE), "other content");
        assertThat(seen.stillHolds(root)).isTrue();
        Files.createDirectory(at("/etc/containers/systemd/b"));
        assertThat(seen.stillHolds(root)).isFalse();
        Files.delete(at("/etc/containers/systemd/b"));
        assertThat(seen.stillHolds(root)).isTrue();
    }

    @Test
    void aLinkIsItsTargetAndIsNotFollowed() throws Exception {
        Files.createSymbolicLink(at("/etc/link"), Path.of("../../nowhere/100%"));
        Fingerprint seen = seen("/etc/link");
        assertThat(seen).isEqualTo(new Fingerprint("/etc/link", Fingerprint.Kind.LINK, "../../nowhere/100%"));

        Files.delete(at("/etc/link"));
        Files.createSymbolicLink(at("/etc/link"), Path.of("/nowhere/100%"));
        assertThat(seen.stillHolds(root)).isFalse();
        assertThat(Fingerprint.of(root, "/etc/link").value()).isEqualTo("/nowhere/100%");
    }

    @Test
    void aLinkOnTheWayIsWhatWasSeen() throws Exception {
        Files.move(at("/etc/containers/systemd"), at("/etc/real"));
        Files.createSymbolicLink(at("/etc/containers/systemd"), Path.of("../real"));

        Fingerprint seen = seen(FILE);

        assertThat(seen).isEqualTo(new Fingerprint("/etc/containers/systemd", Fingerprint.Kind.LINK, "../real"));
    }

    @Test
    void aTargetThatIsADirectoryReadsAsOneThatIsNot() throws Exception {
        Files.createSymbolicLink(at("/etc/link"), Path.of("/usr"));
        assertThat(seen("/etc/link").value()).isEqualTo("/usr");
    }

    @Test
    void aSpecialFileIsNotOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", at("/etc/fifo").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(seen("/etc/fifo").kind()).isEqualTo(Fingerprint.Kind.OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "etc/a", "/etc//a", "/etc/./a", "/etc/../a", "/etc/a/", "/etc/a\0"})
    void aPathThatIsNotPlainIsRefused(String path) {
        assertThatThrownBy(() -> Fingerprint.of(root, path)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Under systemd without a locale Java can neither name nor tell apart what is not ASCII, unless it is helped. */
    @Test
    void namesThatAreNotAsciiAreSeenTheSameWithoutALocale() throws Exception {
        Files.writeString(at("/etc/containers/systemd/größe.image"), "two");
        Files.createSymbolicLink(at("/etc/lïnk"), RawPath.child(Path.of(""), "zïel"));
        for (String path :
                new String[] {"/etc/containers/systemd", "/etc/containers/systemd/größe.image", "/etc/lïnk"}) {
            ProcessBuilder other = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-Dstdout.encoding=UTF-8",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FingerprintTest.class.getName(),
                    root.toString(),
                    java.util.HexFormat.of().formatHex(path.getBytes(StandardCharsets.UTF_8)));
            other.environment().remove("LANG");
            other.environment().put("LC_ALL", "C");
            Process process =
                    other.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            assertThat(told.strip()).isEqualTo(seen(path).toString());
        }
    }

    public static void main(String[] arguments) throws Exception {
        String path = new String(java.util.HexFormat.of().parseHex(arguments[1]), StandardCharsets.UTF_8);
        System.out.println(Fingerprint.of(Path.of(arguments[0]), path));
    }
}
