package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.Credentials;
import dev.lockstep.manifest.PullOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullArgumentsTest {
    private static final Map<String, String> ROOT =
            Map.of("/etc/auth.json", "{}", "/etc/key.pem", "a key", "/etc/passphrase", "from a file");
    private static final Credentials CREDENTIALS = new Credentials("quay.io/org/app", "me:secret");

    @TempDir
    Path directory;

    private static void copyOut(String path, Path destination) throws java.io.IOException {
        if (!ROOT.containsKey(path)) {
            throw new NoSuchFileException(path);
        }
        Files.write(destination, String.valueOf(ROOT.get(path)).getBytes(StandardCharsets.UTF_8));
    }

    private PullArguments prepare(Optional<String> authFile, Optional<String> key) throws ImageException {
        return prepare(authFile, key, Optional.empty(), Path.of("/default/auth.json"));
    }

    private PullArguments prepare(
            Optional<String> authFile, Optional<String> key, Optional<Credentials> credentials, Path defaultAuthFile)
            throws ImageException {
        PullOptions options = new PullOptions(
                authFile,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                key,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                credentials);
        return PullArguments.prepare(PullArgumentsTest::copyOut, options, Optional.of(defaultAuthFile), directory);
    }

    @Test
    void filesAreCopiedOutOfTheRootAndGoneAfterwards() throws Exception {
        PullArguments arguments = prepare(Optional.of("/etc/auth.json"), Optional.empty());

        assertThat(arguments.authFile().orElseThrow()).hasContent("{}").hasParent(arguments.directory());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(arguments.directory())))
                .isEqualTo("rwx------");
        arguments.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutAnOwnAuthFileTheDefaultIsTaken() throws Exception {
        try (PullArguments arguments = prepare(Optional.empty(), Optional.empty())) {
            assertThat(arguments.authFile()).contains(Path.of("/default/auth.json"));
        }
    }

    @Test
    void aFileThatIsNowhereIsToldAndNothingIsLeft() {
        assertThatThrownBy(() -> prepare(Optional.of("/no/such/auth.json"), Optional.empty()))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.PULL_OPTION_FILE))
                .hasMessageContaining("/no/such/auth.json");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPassphraseIsHandedOnInAFile() throws Exception {
        Map<String, String> passphrases =
                Map.of("secret", "secret", "pass=secret", "secret", "file=/etc/passphrase", "from a file");
        for (Map.Entry<String, String> given : passphrases.entrySet()) {
            try (PullArguments arguments = prepare(Optional.empty(), Optional.of("/etc/key.pem:" + given.getKey()))) {
                String key = arguments.decryptionKey().orElseThrow();
                assertThat(key).doesNotContain("secret").contains(":file=");
                assertThat(Path.of(key.substring(0, key.indexOf(":file=")))).hasContent("a key");
                assertThat(Path.of(key.substring(key.indexOf(":file=") + 6))).hasContent(given.getValue());
            }
        }
    }

    @Test
    void credentialsAreAddedToACopyOfTheAuthFileAndGoneAfterwards() throws Exception {
        Path configured = Files.writeString(
                Files.createDirectory(directory.resolve("host")).resolve("auth.json"),
                "{\"auths\":{\"quay.io\":{\"auth\":\"b2xk\"},\"mirror.example\":{\"auth\":\"bWlycm9y\"}},"
                        + "\"credHelpers\":{\"quay.io\":\"x\",\"other.example\":\"y\"}}");
        try (PullArguments arguments =
                prepare(Optional.empty(), Optional.empty(), Optional.of(CREDENTIALS), configured)) {
            Path file = arguments.authFile().orElseThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(file)
                    .hasParent(arguments.directory())
                    .hasContent(
                            "{\"auths\":{\"quay.io\":{\"auth\":\"b2xk\"},\"mirror.example\":{\"auth\":\"bWlycm9y\"},"
                                    + "\"quay.io/org/app\":{\"auth\":\"bWU6c2VjcmV0\"}},\"credHelpers\":{\"other.example\":\"y\"}}");
            assertThat(arguments.toString()).doesNotContain("secret", "bWU6c2VjcmV0");
        }
        assertThat(directory).isDirectoryNotContaining("glob:**/pull-*");
    }

    @Test
    void anAuthFileThatIsNoneIsToldWithoutItsContent() throws Exception {
        Path broken = Files.writeString(
                Files.createDirectory(directory.resolve("host")).resolve("a"), "{\"hunter2");
        assertThatThrownBy(() -> prepare(Optional.empty(), Optional.empty(), Optional.of(CREDENTIALS), broken))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.PULL_OPTION_FILE))
                .hasMessageContaining(broken.toString())
                .hasMessageNotContaining("hunter2");
        assertThat(directory).isDirectoryNotContaining("glob:**/pull-*");
    }
}
