package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hosts of the tests are what they claim to be: without Lockstep, each behaves as a machine with ostree does. */
@SuppressWarnings("NullAway.Init")
class HostRigIT {
    private static final String MARKER = "/usr/share/marker";

    @TempDir
    private static Path directory;

    private static String registry;
    private static String image;
    private static BootedHost host;

    @BeforeAll
    static void aHostWithTwoVersions() throws IOException {
        registry = Fleet.fixture("registry-start", directory.resolve("registry"));
        image = Fleet.fixture("service", registry + "/one:1", "one");
        host = BootedHost.make(directory.resolve("host"), List.of(overlay("a"), overlay("b")));
        host.snapshot();
    }

    private static Path overlay(String mark) throws IOException {
        Path overlay = directory.resolve(mark);
        Files.createDirectories(overlay.resolve("usr/share"));
        Files.writeString(overlay.resolve(MARKER.substring(1)), mark);
        return overlay;
    }

    @AfterAll
    static void nothingIsLeft() {
        host.close();
        Fleet.fixture("registry-stop", directory.resolve("registry"));
        assertThat(Run.of(
                                "find",
                                "/sys/fs/cgroup",
                                "-name",
                                "lockstep-host-it-%d-*"
                                        .formatted(ProcessHandle.current().pid()))
                        .end()
                        .output())
                .isEmpty();
    }

    @BeforeEach
    void bootA() {
        host.boot();
        assertThat(host.version()).isEqualTo("A");
    }

    @AfterEach
    void switchOff() {
        host.cut();
        host.restore();
    }

    @Test
    void aStagedDeploymentBootsNext() {
        assertThat(host.read(MARKER)).isEqualTo("a");
        assertThat(host.read("/proc/cmdline")).contains(" ostree=/ostree/boot.");
        host.write("/etc/example/mine", "kept");

        host.reboot("ostree admin deploy --stage host/B");

        assertThat(host.version()).isEqualTo("B");
        assertThat(host.entryVersion()).isEqualTo("B");
        assertThat(host.read(MARKER)).isEqualTo("b");
        assertThat(host.read("/etc/example/mine")).isEqualTo("kept");
        assertThat(host.runOk("ostree", "admin", "status"))
                .contains("Version: B")
                .contains("(rollback)");
    }

    @Test
    void aLockedDeploymentDoesNot() {
        host.reboot("ostree admin deploy --stage --lock-finalization host/B");

        assertThat(host.version()).isEqualTo("A");
        assertThat(host.entryVersion()).isEqualTo("A");
    }

    @Test
    void aPowerCutLeavesWhatIsStagedBehind() {
        host.runOk("ostree", "admin", "deploy", "--stage", "host/B");
        assertThat(host.runOk("ostree", "admin", "status")).contains("(staged)");

        host.cut();

        assertThat(host.entryVersion()).isEqualTo("A");
        host.boot();
        assertThat(host.version()).isEqualTo("A");
    }

    @Test
    void twoHostsAtOnceAreApart() throws IOException {
        try (BootedHost other = BootedHost.make(directory.resolve("other"), List.of(overlay("c")))) {
            other.boot();

            assertThat(cgroup(host)).isNotEqualTo(cgroup(other));
            for (BootedHost each : List.of(host, other)) {
                assertThat(each.run("systemctl", "is-system-running").output()).isEqualTo("running\n");
                each.runOk("systemctl", "restart", "dbus.service", "systemd-logind.service");
            }
            other.powerOff();
            host.runOk("systemctl", "restart", "systemd-logind.service");
        }
    }

    /** Where a host keeps its units, in the hierarchy that systemd uses. */
    private static String cgroup(BootedHost host) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + host.pid() + "/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void quadletsRunInItAndAVerdictExplainsWhatDoesNot() {
        quadlet("one", registry + "/one:1");
        host.reboot();

        assertThat(host.runningContainers()).isEqualTo(Map.of("one", image));
        assertThat(host.judge()).isEqualTo("A runs {one}");

        quadlet("two", registry + "/nowhere:1");
        host.runOk("systemctl", "daemon-reload");
        host.run("systemctl", "start", "two.service").expect(1);
        assertThat(host.judge())
                .startsWith("A runs {one}\ndoes not run:\ntwo.service\n")
                .contains("failed units:\ntwo.service loaded failed")
                .contains("nowhere");
    }

    private static void quadlet(String name, String image) {
        host.write("/etc/containers/systemd/" + name + ".container", """
                [Container]
                Image=%s
                Network=none
                [Install]
                WantedBy=multi-user.target
                """.formatted(image));
    }
}
