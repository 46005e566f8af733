package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.podman.process.Cancellation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines, their answers and their exit status. */
class CommandLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    /** What a command line left behind. */
    private record Said(int status, String output, String errors) {}

    private static Said run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        String[] arguments = List.of(words).stream().map(Object::toString).toArray(String[]::new);
        int status = LockstepCommand.run(arguments, terminal, new Cancellation());
        return new Said(status, out.toString(), err.toString());
    }

    /** An ostree sysroot with nothing deployed, as far as reading commands look. */
    private Path emptySysroot() throws IOException {
        Path sysroot = directory.resolve("sysroot");
        Files.createDirectories(sysroot.resolve("ostree/deploy/os/var"));
        Files.createDirectories(sysroot.resolve("ostree/repo"));
        Files.writeString(sysroot.resolve("ostree/repo/config"), "[core]\n");
        return sysroot;
    }

    private Path rootWithAnImage() throws IOException {
        Path root = directory.resolve("root");
        Path unit = root.resolve("usr/share/containers/systemd/app.image");
        Path links = root.resolve("usr/lib/lockstep/bound-images.d");
        Files.createDirectories(unit.getParent());
        Files.createDirectories(links);
        Files.writeString(
                unit, "[Image]\nImage=registry.example/app:1\nAuthFile=/etc/auth file.json\nTLSVerify=false\n");
        Files.createSymbolicLink(links.resolve("app.image"), Path.of("/usr/share/containers/systemd/app.image"));
        return root;
    }

    @Test
    void aCommandLineHasTheCommandsThatItMayMean() {
        Terminal terminal =
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        LockstepCommand root = new LockstepCommand(terminal, new Cancellation());

        assertThat(Subcommands.of(root, new String[] {"--config", "lint", "status"})
                        .getSubcommands())
                .containsOnlyKeys("status", "lint");
        assertThat(Subcommands.of(root, new String[] {"statsu"}).getSubcommands())
                .hasSizeGreaterThan(10);
        assertThat(Subcommands.of(root, new String[] {"--help", "status"}).getSubcommands())
                .hasSizeGreaterThan(10);
        assertThat(Subcommands.all(root).getSubcommands())
                .allSatisfy((name, line) -> assertThat(line.getCommandName()).isEqualTo(name));
        assertThat(run("statsu").errors()).contains("statsu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "check",
                "upgrade",
                "retry",
                "commit",
                "abort",
                "rollback",
                "verify",
                "bind",
                "history",
            })
    void everyCommandHelpsAndNeedsNoSysrootForIt(String command) {
        Said said = run(command, "--help");

        assertThat(said.status()).isZero();
        assertThat(said.output()).contains("lockstep " + command).contains("--sysroot");
        assertThat(said.output().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void theRootTellsCommandsExitStatusAndTheRoad() {
        assertThat(run("--help").output())
                .contains("Exit status:")
                .contains("lockstep retry")
                .contains("another transaction holds the lock");
        assertThat(run("--version").output()).startsWith("lockstep ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "status --nothing",
                "upgrade --target",
                "upgrade --target nginx",
                "upgrade --target ostree:--help",
                "upgrade --tls-verify=maybe",
                "images",
                "images list",
                "images list --root / --format xml",
                "lint --format xml",
                "status extra",
                "status --config /etc/other.toml",
                "upgrade --sysroot /mnt",
                "upgrade --from /run/media/stick",
                "repair --from oci-archive:stick.tar",
                "images pull --root / --add registry.example/os:1",
                "images pull --root / --to oci:stick --store /mnt/lockstep/storage",
                "images pull --root / --to oci:stick --from oci:other",
                "images pull --root / --to oci:stick --add nginx",
            })
    void aCommandLineThatMakesNoSenseIsToldInOneMessage(String line) {
        Said said = run(line.isEmpty() ? new Object[0] : line.split(" "));

        assertThat(said.status()).isEqualTo(2);
        assertThat(said.output()).isEmpty();
        assertThat(said.errors())
                .startsWith("lockstep: ")
                .contains("next:  see 'lockstep")
                .doesNotContain("\tat ");
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() throws IOException {
        Path sysroot = emptySysroot();

        Said before = run("--standalone", "--sysroot", sysroot, "--json", "status");
        Said after = run("status", "--json", "--sysroot", sysroot, "--standalone");

        assertThat(before.status()).isZero();
        assertThat(after).isEqualTo(before);
    }

    @Test
    void aSysrootWithNothingDeployedIsToldSo() throws IOException {
        Path sysroot = emptySysroot();
        assertThat(run("--standalone", "--sysroot", sysroot, "status").output()).startsWith("Nothing is deployed yet.");
        assertThat(run("--standalone", "--sysroot", sysroot, "history").output())
                .contains("Nothing has happened yet.");
        assertThat(run("--standalone", "--sysroot", sysroot, "verify").status()).isZero();
        JsonNode status = json(run("--standalone", "--sysroot", sysroot, "--json", "status"));
        assertThat(status.path("schema").asText()).isEqualTo("dev.lockstep.status/v1");
        assertThat(status.path("deployments")).isEmpty();
        assertThat(status.path("transaction").isNull()).isTrue();
    }

    @Test
    void whatIsNoSysrootIsToldWithWhatToDo() throws IOException {
        Said said = run("--standalone", "--sysroot", directory, "status");

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.errors()).contains("SYSROOT_UNUSABLE").contains("ostree admin init-fs");
        JsonNode error = json(run("--json", "--standalone", "--sysroot", directory, "status"));
        assertThat(error.path("schema").asText()).isEqualTo("dev.lockstep.error/v1");
        assertThat(error.path("code").asText()).isEqualTo("SYSROOT_UNUSABLE");
        assertThat(error.path("exitStatus").asInt()).isEqualTo(1);

        Files.createDirectories(emptySysroot().resolve("ostree/deploy/other/var"));
        assertThat(run("--standalone", "--sysroot", directory.resolve("sysroot"), "status")
                        .errors())
                .contains("several state roots: os, other")
                .contains("--stateroot");
    }

    private static JsonNode json(Said said) throws IOException {
        return JSON.readTree(said.output());
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureHasItsExitStatusAndAllItsParts(ErrorCode code) throws IOException {
        LockstepException failure = new LockstepException(code, "a message", "a hint").leaving("a state");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);

        Errors.known(terminal, false, failure);
        Errors.known(terminal, true, failure);

        assertThat(err.toString())
                .isEqualToNormalizingNewlines("lockstep: " + code + ": a message\n  state: a state\n  next:  a hint\n");
        JsonNode error = JSON.readTree(out.toString());
        assertThat(error.path("exitStatus").asInt())
                .isEqualTo(code.category().exitStatus())
                .isBetween(1, 7);
        assertThat(List.of("schema", "code", "message", "state", "hint", "exitStatus"))
                .allMatch(error::has);
    }

    @Test
    void theImagesOfARootAsATableAsJsonAndAsCommands() throws IOException {
        Path root = rootWithAnImage();

        assertThat(run("images", "list", "--root", root).output())
                .contains("registry.example/app:1")
                .contains("/usr/share/containers/systemd/app.image:2");
        assertThat(run("images", "list", "--root", root, "--format", "pull-commands")
                        .output())
                .isEqualTo(
                        "podman image pull '--authfile=/etc/auth file.json' --tls-verify=false registry.example/app:1\n");
        JsonNode document = json(run("images", "list", "--root", root, "--format", "json"));
        assertThat(document.path("schema").asText()).isEqualTo("dev.lockstep.images/v1");
        JsonNode image = document.path("images").path(0);
        assertThat(image.path("image").asText()).isEqualTo("registry.example/app:1");
        assertThat(image.path("mode").asText()).isEqualTo("bind");
        // Nothing in this root makes podman look into our store.
        assertThat(image.path("placement").asText()).isEqualTo("primary");
        assertThat(image.path("digest").isNull()).isTrue();
        assertThat(image.path("sources").path(0).path("kind").asText()).isEqualTo("image");
        assertThat(image.path("sources").path(0).path("line").asInt()).isEqualTo(2);
        assertThat(image.path("pull").path("authFile").asText()).isEqualTo("/etc/auth file.json");
        assertThat(image.path("pull").path("tlsVerify").asBoolean(true)).isFalse();
        assertThat(image.path("pull").path("arch").isNull()).isTrue();
        assertThat(document.path("problems")).isEmpty();
    }

    @Test
    void unboundQuadletFilesAreListedWhenAskedFor() throws IOException {
        Path root = rootWithAnImage();
        Files.writeString(
                root.resolve("usr/share/containers/systemd/other.image"),
                "[Image]\nImage=registry.example/other:1\nDecryptionKey=/k:hunter2\nRetry=3\n");

        assertThat(run("images", "list", "--root", root).output()).doesNotContain("other");
        JsonNode images = json(run("images", "list", "--root", root, "--json", "--all-quadlets"))
                .path("images");
        assertThat(images).hasSize(2);
        JsonNode other = images.path(1);
        assertThat(other.path("sources").path(0).path("service").asText()).isEqualTo("other-image.service");
        assertThat(other.path("argv").toString())
                .isEqualTo("[\"podman\",\"image\",\"pull\",\"--decryption-key\",\"/k:***\",\"--retry\",\"3\","
                        + "\"registry.example/other:1\"]");
    }

    @Test
    void mistakesOfARootAreToldLikeACompilers() throws IOException {
        Path root = rootWithAnImage();
        Files.writeString(
                root.resolve("usr/share/containers/systemd/app.image"), "[Image]\nImage=registry.example/%m:1\n");

        Said said = run("images", "list", "--root", root);
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.errors()).startsWith("error: /usr/share/containers/systemd/app.image:2: Image: ");

        Said asJson = run("images", "list", "--root", root, "--json");
        assertThat(asJson.status()).isEqualTo(1);
        JsonNode problem = json(asJson).path("problems").path(0);
        assertThat(problem.path("severity").asText()).isEqualTo("error");
        assertThat(problem.path("code").asText()).isEqualTo("QUADLET_SPECIFIER");
        assertThat(problem.path("line").asInt()).isEqualTo(2);
        assertThat(problem.path("key").asText()).isEqualTo("Image");
    }

    @Test
    void lintTellsEverythingSortedAndFailsOnMistakesAlone() throws IOException {
        Path root = rootWithAnImage();

        Said said = run("lint", "--root", root);
        assertThat(said.status()).isZero();
        assertThat(said.output().lines().map(line -> line.split(" ")[0] + line.split(" ")[1]))
                .containsExactly(
                        "warning:LINT_PODMAN_VERSION:",
                        "warning:LINT_NO_DIGEST:",
                        "warning:LINT_PULL:",
                        "warning:LINT_STORE:",
                        "warning:LINT_BOOTC:",
                        "0errors,");
        assertThat(said.output()).contains("/usr/share/containers/systemd/app.image:2: Image: is asked for");

        Files.writeString(root.resolve("usr/share/containers/systemd/app.image"), "[Image]\nImage=app\n");
        Said failed = run("lint", "--root", root, "--format", "json");
        assertThat(failed.status()).isEqualTo(1);
        JsonNode document = json(failed);
        assertThat(document.path("schema").asText()).isEqualTo("dev.lockstep.lint/v1");
        assertThat(document.path("written")).isEmpty();
        assertThat(document.path("problems").findValuesAsText("code")).contains("IMAGE_REFERENCE");
        assertThat(run("--json", "lint", "--root", root).output()).isEqualTo(failed.output());
        assertThat(run("lint", "--root", directory.resolve("nowhere")).status()).isEqualTo(2);
    }

    @Test
    void lintWritesDropInsThatMendBesideTheUnitsOrElsewhereAndNeverOverAFile() throws IOException {
        Path root = rootWithAnImage();
        Path elsewhere = directory.resolve("dropins");

        Said said = run("lint", "--root", root, "--fix-dropins=" + elsewhere);
        assertThat(said.output()).contains("written: " + elsewhere.resolve("app.image.d/50-lockstep.conf"));
        assertThat(run("lint", "--root", root, "--fix-dropins").status()).isZero();
        Path written = root.resolve("usr/share/containers/systemd/app.image.d/50-lockstep.conf");
        assertThat(written)
                .hasSameTextualContentAs(elsewhere.resolve("app.image.d/50-lockstep.conf"))
                .content()
                .contains("Policy=missing", "GlobalArgs=--storage-opt=additionalimagestore=");
        assertThat(run("lint", "--root", root).output()).doesNotContain("LINT_PULL", "LINT_STORE");

        Files.writeString(written, "[Image]\nImage=registry.example/app:1\n");
        Said refused = run("lint", "--root", root, "--fix-dropins");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.errors()).contains(written.toString());
        assertThat(written).hasContent("[Image]\nImage=registry.example/app:1\n");
    }

    @Test
    void lintAsksForDigestsForDropInsAlone() throws IOException {
        Said said = run("lint", "--root", rootWithAnImage(), "--digests");

        assertThat(said.status()).isEqualTo(2);
        assertThat(said.errors()).contains("USAGE", "--fix-dropins");
    }

    @Test
    void lintNeverWritesThroughALinkOfTheRoot() throws IOException {
        Path root = rootWithAnImage();
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(root.resolve("usr/share/containers/systemd/app.image.d"), outside);

        assertThat(run("lint", "--root", root, "--fix-dropins").status()).isEqualTo(2);
        assertThat(outside).isEmptyDirectory();
    }
}
