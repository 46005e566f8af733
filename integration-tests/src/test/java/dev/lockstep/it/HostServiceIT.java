package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The service on a host that runs, in the sandbox of its unit. */
class HostServiceIT {
    private final HostFleet fleet = HostFleet.shared();

    @Test
    void theServiceIsStartedByItsNameAndLeadsToB() {
        try (BootedHost host = fleet.inStateA()) {
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
}
