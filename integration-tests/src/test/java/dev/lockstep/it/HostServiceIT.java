package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The service on a host that runs, in the sandbox of its unit. */
class HostServiceIT {
    private final HostFleet fleet = HostFleet.shared();

    @Test
    void theServiceIsStartedByItsNameAndLeadsToB() {
        try (BootedHost host = fleet.inStateAWithReadOnlySysroot()) {
            assertThat(host.run("setpriv", "--reuid=65534", "--clear-groups", "lockstep", "status")
                            .expect(0)
                            .output())
                    .contains("is booted");
            assertThat(host.runOk("systemctl", "show", "--property=ActiveState,StatusText", "lockstepd"))
                    .contains("ActiveState=active")
                    .contains("StatusText=idle");
            assertThat(host.run(
                                    "setpriv",
                                    "--reuid=65534",
                                    "--clear-groups",
                                    "lockstep",
                                    "upgrade",
                                    "--target",
                                    "ostree:host/B")
                            .expect(4)
                            .errors())
                    .contains("PRIVILEGE");

            Run.Ended upgrade = host.run("lockstep", "upgrade", "--target", "ostree:host/B");

            assertThat(upgrade.expect(0).output()).startsWith("Committed: the next reboot leads to B, B (");
            filesAreAsTheyWerePacked(host);
            assertThat(host.runOk(
                            "busctl",
                            "get-property",
                            "dev.lockstep.Upgrade1",
                            "/dev/lockstep/Upgrade1",
                            "dev.lockstep.Upgrade1.Manager",
                            "RebootRequired"))
                    .contains("true");
            host.reboot();
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
        }
    }

    /** A capability that the service lacks would spoil one of these without any error. */
    private static void filesAreAsTheyWerePacked(BootedHost host) {
        String layer = "/var/lib/lockstep/storage/overlay/*/diff";
        assertThat(
                        host.runOk(
                                "sh",
                                "-ec",
                                "cd " + layer
                                        + "/special; find . ! -name . -printf '%P %M %U:%G\\n' | sort; stat --format '%F %t:%T' ../app/two.txt"))
                .isEqualTo("""
                        capable -rwxr-xr-x 0:0
                        device crw-rw-rw- 0:0
                        owned -rw-r----- 1234:4321
                        setgid -rwxr-sr-x 0:1234
                        setuid -rwsr-xr-x 0:0
                        shared drwxrwsr-x 0:1234
                        sticky drwxrwxrwt 0:0
                        character special file 0:0
                        """);
        assertThat(Run.of(
                                "python3",
                                "-c",
                                "import glob, os, sys; print(os.getxattr(glob.glob(sys.argv[1])[0], 'security.capability').hex())",
                                "/proc/" + host.pid() + "/root" + layer + "/special/capable")
                        .end()
                        .expect(0)
                        .output()
                        .strip())
                .isEqualTo("0100000200040000000000000000000000000000");
    }
}
