package dev.lockstep.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything that can be wrong gets one clear error, and the host stays in A. */
class BadInputIT {
    private final Fleet fleet = Fleet.shared();

    private void refused(Sysroot sysroot, Run run, int status, String... words) {
        Run.Ended ended = run.end().expect(status);
        assertThat(ended.errors()).contains(words).doesNotContain("\tat ").doesNotContain("internal error");
        assertThat(ended.errors()).contains("next:");
        assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
    }

    private static Run upgradeTo(Sysroot sysroot, String target) {
        return sysroot.lockstep("upgrade", "--target", target, "--tls-verify=false");
    }

    @Test
    void aTargetThatIsNotThere() {
        try (Sysroot sysroot = fleet.inStateA()) {
            refused(sysroot, upgradeTo(sysroot, fleet.image("os:9")), 1, "IMAGE_NOT_FOUND", "os:9", "still on A");
            refused(sysroot, upgradeTo(sysroot, fleet.image("nothing:1")), 1, "IMAGE_NOT_FOUND", "nothing:1");
            String digest = "@sha256:" + "0".repeat(64);
            refused(sysroot, upgradeTo(sysroot, fleet.image("os" + digest)), 1, "IMAGE_NOT_FOUND", digest);
            refused(sysroot, upgradeTo(sysroot, "os:2"), 2, "does not name its registry");
            refused(sysroot, upgradeTo(sysroot, "ostree:no/such"), 1, "TARGET_NOT_BOOTABLE", "no/such");
            refused(sysroot, upgradeTo(sysroot, fleet.image("app-1:1")), 1, "TARGET_NOT_BOOTABLE", "no kernel");
            refused(sysroot, sysroot.lockstep("upgrade"), 2, "TARGET_UNKNOWN", "--target");
        }
    }

    @Test
    void aRegistryThatDoesNotAnswer() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path config = fleet.fresh("lockstep.toml");
            write(config, "retries = 0\n");
            Run run = sysroot.lockstep(
                    "--config", config, "upgrade", "--target", "127.0.0.1:1/os:2", "--tls-verify=false");
            refused(sysroot, run, 5, "REGISTRY_UNREACHABLE", "127.0.0.1:1/os:2", "connection refused", "still on A");
        }
    }

    @Test
    void aRegistryThatSpeaksNoTls() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Run run = sysroot.lockstep("upgrade", "--target", fleet.image("os:2"));
            refused(sysroot, run, 1, "REGISTRY_CERTIFICATE");
        }
    }

    @Test
    void aRegistryThatWantsCredentials() {
        Path directory = fleet.fresh("registry");
        String host = Fleet.fixture("registry-start", directory, "--htpasswd");
        try (Sysroot sysroot = fleet.inStateA()) {
            refused(sysroot, upgradeTo(sysroot, host + "/os:2"), 1, "REGISTRY_UNAUTHORIZED", "auth-file");

            Path credentials = fleet.fresh("auth.json");
            write(credentials, "{\"auths\":{\"" + host + "\":{\"auth\":\"dXNlcjpzZWNyZXQ=\"}}}");
            Path config = fleet.fresh("lockstep.toml");
            write(config, "auth-file = \"" + credentials + "\"\n");
            Run run = sysroot.lockstep("--config", config, "upgrade", "--target", host + "/os:2", "--tls-verify=false");
            refused(sysroot, run, 1, "IMAGE_NOT_FOUND");
        } finally {
            Fleet.fixture("registry-stop", directory);
        }
    }

    @Test
    void aManifestThatTheRegistryNoLongerHas() throws IOException {
        Path manifest = fleet.blob(fleet.digest("app-5:2"));
        byte[] whole = Files.readAllBytes(manifest);
        try (Sysroot sysroot = fleet.inStateA()) {
            for (byte[] broken : List.of(
                    new byte[0],
                    "garbage".getBytes(UTF_8),
                    new String(whole, UTF_8).replace("layers", "lawyers").getBytes(UTF_8))) {
                Files.write(manifest, broken);
                Run.Ended ended = sysroot.upgrade().end();
                assertThat(ended.status()).isIn(1, 5);
                assertThat(ended.errors())
                        .contains("app-5:2")
                        .contains("still on A")
                        .doesNotContain("\tat ");
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
            }
        } finally {
            Files.write(manifest, whole);
        }
    }

    @Test
    void mistakesInWhatTheTargetBindsAreToldAllAtOnce() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path tree = fleet.fresh("tree");
            Fleet.fixture("tree", tree, "3", fleet.image("app-1:1"), fleet.image("app-2:1"));
            write(
                    tree.resolve("usr/share/containers/systemd/app-1.image"),
                    "[Image]\nImage=registry.example/%i:1\nTLSVerify=false\n");
            write(
                    tree.resolve("usr/lib/lockstep/bound-images/apps.toml"),
                    "[[image]]\nimage = \"registry.example/a:1\"\nauthfile = \"/x\"\n");
            sysroot.commitTree(tree, "os/three");
            refused(
                    sysroot,
                    sysroot.lockstep("upgrade", "--target", "ostree:os/three"),
                    1,
                    "BOUND_IMAGES_INVALID",
                    "2 mistakes",
                    "/usr/share/containers/systemd/app-1.image:2: Image",
                    "%i",
                    "/usr/lib/lockstep/bound-images/apps.toml:3: authfile",
                    "still on A");
        }
    }

    @Test
    void severalImagesThatCannotBeResolvedAreToldAtOnce() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path tree = fleet.fresh("tree");
            Fleet.fixture("tree", tree, "3", fleet.image("none-1:1"), fleet.image("app-1:1"), fleet.image("none-2:1"));
            sysroot.commitTree(tree, "os/three");
            refused(
                    sysroot,
                    sysroot.lockstep("upgrade", "--target", "ostree:os/three"),
                    1,
                    "IMAGE_NOT_FOUND",
                    "2 images cannot be resolved",
                    "none-1:1",
                    "none-2:1");
        }
    }

    @Test
    void toolsThatAreMissingOrTooOld() {
        try (Sysroot sysroot = fleet.inStateA()) {
            for (String tool : List.of("podman", "skopeo", "ostree")) {
                Path path = pathWithout(tool);
                refused(
                        sysroot,
                        sysroot.upgrade().with("PATH", path.toString()),
                        1,
                        tool + " cannot be started",
                        "install " + tool);
            }
            Path old = pathWithout("podman");
            script(old.resolve("podman"), "echo podman version 3.4.4");
            refused(sysroot, sysroot.upgrade().with("PATH", old.toString()), 1, "TOOL_TOO_OLD", "3.4.4");
            Path ancient = pathWithout("ostree");
            script(ancient.resolve("ostree"), "printf \"libostree:\\n Version: '2020.3'\\n\"");
            refused(sysroot, sysroot.upgrade().with("PATH", ancient.toString()), 1, "ENGINE_TOO_OLD", "2020.3");
        }
    }

    /** A directory with links to all programs but one. */
    private Path pathWithout(String missing) {
        Path directory = fleet.fresh("path");
        try {
            Files.createDirectories(directory);
            for (String place : List.of("/usr/sbin", "/usr/bin")) {
                try (var programs = Files.list(Path.of(place))) {
                    for (Path program : programs.toList()) {
                        Path link = directory.resolve(program.getFileName());
                        if (!program.endsWith(missing)
                                && !Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                            Files.createSymbolicLink(link, program);
                        }
                    }
                }
            }
            return directory;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void script(Path file, String body) {
        write(file, "#!/bin/sh\n" + body + "\n");
        file.toFile().setExecutable(true);
    }

    @Test
    void sysrootsThatAreNone() throws IOException {
        Path plain = Files.createDirectories(fleet.fresh("plain"));
        for (Run run : List.of(
                Run.of(Fleet.LOCKSTEP, "--standalone", "--sysroot", plain, "status"),
                Run.of(Fleet.LOCKSTEP, "--standalone", "--sysroot", plain.resolve("none"), "status"))) {
            assertThat(run.end().expect(1).errors())
                    .contains("SYSROOT_UNUSABLE")
                    .contains("next:")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aSysrootWhoseEntriesLeadNowhere() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path entry = sysroot.directory().resolve("boot/loader/entries/ostree-1-os.conf");
            String whole = Files.readString(entry);
            Files.writeString(entry, whole.replace("ostree=/ostree/boot", "ostree=/ostree/shoe"));
            for (Run run : List.of(sysroot.lockstep("status"), sysroot.upgrade(), sysroot.lockstep("retry"))) {
                assertThat(run.end().expect(1).errors())
                        .contains("SYSROOT_UNUSABLE")
                        .contains("ostree-1-os.conf leads to /ostree/shoe")
                        .contains("next:")
                        .doesNotContain("\tat ");
            }
            Files.writeString(entry, whole);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
        }
    }

    @Test
    void anEntryThatCannotBeReadIsNotTakenForNoDeployment() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path entry = sysroot.directory().resolve("boot/loader/entries/ostree-1-os.conf");
            String whole = Files.readString(entry);
            Files.delete(entry);
            Files.createSymbolicLink(entry, Path.of("nowhere"));
            for (Run run : List.of(sysroot.lockstep("status"), sysroot.upgrade())) {
                assertThat(run.end().expect(1).errors())
                        .contains("SYSROOT_UNUSABLE")
                        .contains("ostree-1-os.conf")
                        .contains("next:")
                        .doesNotContain("\tat ");
            }
            Files.delete(entry);
            Files.writeString(entry, whole);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
        }
    }

    @Test
    void aUserWithoutPrivilege() {
        try (Sysroot sysroot = fleet.inStateA()) {
            // Where nobody can reach it.
            Path installed = fleet.fresh("installed");
            Run.of("cp", "--archive", Fleet.LOCKSTEP.resolve("../..").normalize(), installed)
                    .end()
                    .expect(0);
            Run.of("chmod", "o+x", sysroot.directory().resolveSibling(""), sysroot.directory())
                    .end()
                    .expect(0);
            Run.Ended ended = Run.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                    .and(installed.resolve("bin/lockstep"), "--standalone", "--sysroot", sysroot.directory())
                    .and("upgrade", "--target", fleet.image("os:2"))
                    .end()
                    .expect(4);
            assertThat(ended.errors()).contains("PRIVILEGE").contains("root").doesNotContain("\tat ");
        }
    }

    @Test
    void aConfigurationWithMistakes() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path config = fleet.fresh("lockstep.toml");
            write(config, "targets = \"x\"\nretries = \"many\"\n");
            Run.Ended ended =
                    sysroot.lockstep("--config", config, "status").end().expect(1);
            assertThat(ended.errors())
                    .contains("CONFIGURATION")
                    .contains(":1: targets: unknown key")
                    .contains(":2: retries");
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
