package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Upgrades of a host that runs, each judged from its next boot. */
class HostIT {
    private static final List<String> UPGRADE =
            List.of("lockstep", "--standalone", "upgrade", "--target", "ostree:host/B");
    private static final List<String> TO_C =
            List.of("lockstep", "--standalone", "upgrade", "--target", "ostree:host/C");
    private static final int PATIENCE = 120;

    /** podman on our store, as Lockstep runs it. */
    private static final String PODMAN =
            "podman --root " + HostFleet.STORE + " --runroot /run/lockstep/containers --tmpdir /run/lockstep/libpod";

    private static final boolean CAMPAIGN = Boolean.getBoolean("lockstep.campaign");

    private static final Set<String> SAMPLED = Set.of("ostree-unlock.after#1");

    /** Whatever asks a registry fails at once. */
    private static final String OFFLINE = """
            cat > /etc/containers/registries.conf.d/offline.conf <<E
            [[registry]]
            location = "127.0.0.1"
            blocked = true
            E
            """;

    /** Everything of ordinary podman that removes what is not in use, with and without a look into our store. */
    private static final String PRUNES = """
            for option in --log-level=error --storage-opt=additionalimagestore=/run/lockstep/store; do
              podman $option container prune --force
              podman $option image prune --all --force
              podman $option system prune --all --force --volumes
            done
            """;

    private static final String OUR_STORE = "GlobalArgs=--storage-opt=additionalimagestore=/run/lockstep/store\n";

    private final HostFleet fleet = HostFleet.shared();

    private static Run.Ended upgrade(BootedHost host) {
        return host.run(UPGRADE.toArray());
    }

    private static Run.Ended lockstep(BootedHost host, Object... arguments) {
        return host.run(
                Run.of("lockstep", "--standalone").and(arguments).arguments().toArray());
    }

    @Test
    void theRoadToBAndBackOfflineOnAReadOnlySysroot() {
        try (BootedHost host = fleet.inStateAWithReadOnlySysroot()) {
            assertSysrootIsReadOnly(host);
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());

            assertThat(upgrade(host).expect(0).output()).startsWith("Committed: the next reboot leads to B, B (");
            assertThat(lockstep(host, "status").expect(0).output())
                    .contains("B (")
                    .contains("is committed");
            assertThat(journal(host, "--output=json"))
                    .contains("\"LOCKSTEP_EVENT\":\"began\"")
                    .contains("\"LOCKSTEP_EVENT\":\"ready\"")
                    .contains("\"LOCKSTEP_EVENT\":\"committed\"")
                    .contains("\"MESSAGE_ID\":\"d34537eec6ae4ca09d8d48bf2be697f0\"")
                    .containsPattern("\"LOCKSTEP_TRANSACTION\":\"[0-9a-f-]{36}\"");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
            host.runOk("systemctl", "restart", "common.service");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
            host.runOk("sh", "-ec", PRUNES);
            assertSysrootIsReadOnly(host);

            host.reboot(OFFLINE);
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
            assertThat(lockstep(host, "status").expect(0).output())
                    .startsWith("B (")
                    .contains("is booted.");
            assertThat(bindings(host)).contains("Bound: 3 tags");
            assertThat(journal(host, "--catalog", "LOCKSTEP_EVENT=booted"))
                    .contains("The new deployment has booted")
                    .contains("What was committed runs, with the images that were confirmed for it.");
            assertThat(lockstep(host, "history").expect(0).output())
                    .contains("began", "ready", "committed", "booted", "bound", "Boots, from when to when")
                    .contains(host.read("/proc/sys/kernel/random/boot_id").strip());

            host.reboot();
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
            assertThat(bindings(host)).as("nothing was to be bound").doesNotContain("Bound");

            lockstep(host, "rollback").expect(0);
            host.reboot();
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());

            assertLeftAlone(host, "the host was rolled back from");
            assertThat(lockstep(host, "gc", "--dry-run").expect(0).output()).startsWith("Nothing to remove");
            host.runOk("ostree", "admin", "undeploy", "1");
            host.runOk("systemctl", "start", "lockstep-gc.service");
            assertThat(lockstep(host, "history").expect(0).output()).contains("Removed 2 images");
            host.reboot();
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
            assertSysrootIsReadOnly(host);
        }
    }

    /** Lockstep writes to the sysroot where only it sees the sysroot writable. */
    private static void assertSysrootIsReadOnly(BootedHost host) {
        assertThat(host.runOk("findmnt", "--noheadings", "--output=OPTIONS", "/sysroot"))
                .startsWith("ro,");
    }

    private static String journal(BootedHost host, String... more) {
        return host.runOk(Run.of("journalctl", "--boot", "--no-pager", "--identifier=lockstep")
                .and((Object[]) more)
                .arguments()
                .toArray());
    }

    private static String bindings(BootedHost host) {
        return host.runOk("journalctl", "--boot", "--no-pager", "--output=cat", "--unit=lockstep-bind");
    }

    @Test
    void whatIsReadyWaitsForItsCommitAndIsStagedAnewAfterABoot() {
        try (BootedHost host = fleet.inStateA()) {
            lockstep(host, "upgrade", "--target", "ostree:host/B", "--download-only")
                    .expect(0);
            assertThat(lockstep(host, "status").expect(0).output()).contains("before 'lockstep commit'");

            host.reboot();
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            // It is staged again by itself, and goes on waiting.
            awaitStatus(host, "before 'lockstep commit'");

            lockstepWhenFree(host, "commit").expect(0);
            host.reboot();
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
        }
    }

    /** On one host, since each is short: no room at first, then a commit that an administrator takes back. */
    @Test
    void aFullVarLeavesAAndWhatAnAdministratorTakesBackStaysTakenBack() {
        try (BootedHost host = fleet.inStateA()) {
            fillVarTo(host, 3_950_000);
            assertThat(upgrade(host).expect(5).errors()).contains("_FULL");
            assertThat(lockstep(host, "status").output()).doesNotContain("is committed");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
            host.runOk("rm", "/var/filler");
            lockstep(host, "retry").expect(0);

            host.runOk("ostree", "admin", "undeploy", "0");
            assertThat(lockstep(host, "status").expect(0).output())
                    .startsWith("A (")
                    .contains("was taken back by somebody", "'lockstep retry' stages it again");

            host.reboot();
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            assertThat(lockstepWhenFree(host, "resume").expect(0).output()).startsWith("Left alone:");
            assertThat(lockstep(host, "status").expect(0).output()).contains("was taken back by somebody");

            host.runOk("ostree", "admin", "pin", "0");
            lockstepWhenFree(host, "retry").expect(0);
            assertThat(lockstep(host, "status").expect(0).output()).contains("is committed");
            host.reboot(OFFLINE);
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runOk("ostree", "admin", "status")).contains("Pinned: yes");
        }
    }

    private static void fillVarTo(BootedHost host, long bytes) {
        host.runOk("sh", "-ec", """
                free=$(df --output=avail --block-size=1 /var | tail -1)
                fallocate --length $((free - $1)) /var/filler
                """, "sh", bytes);
    }

    /** Its file system is not the sysroot's: the images, their pins and the pass are durable on the one, the deployment on the other. */
    @Tag("campaign")
    @Test
    void varMayBeAFileSystemOfItsOwn() {
        try (BootedHost host = fleet.switchedOff()) {
            host.giveVarItsOwnFileSystem();
            host.boot();
            assertThat(host.runOk("findmnt", "--noheadings", "--output=SOURCE", "/var"))
                    .isNotEqualTo(host.runOk("findmnt", "--noheadings", "--output=SOURCE", "/sysroot"));
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());

            Run.Ended upgraded = host.run(Run.of("strace", "-f", "-y", "-e", "trace=syncfs", "-o", "/run/syncs")
                    .and(UPGRADE.toArray())
                    .arguments()
                    .toArray());
            upgraded.expect(0);
            assertThat(host.read("/run/syncs")).contains("/var/lib/lockstep").contains("/ostree/lockstep/bind");
            host.reboot(OFFLINE);
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
        }
    }

    /** Userspace alone starts again, in the same boot of the kernel and from the same deployment. */
    @Tag("campaign")
    @Test
    void aSoftRebootIsNoBoot() {
        try (BootedHost host = fleet.inStateA()) {
            host.runOk("systemctl", "stop", "lockstep-adopt.path");
            host.runOk("ostree", "admin", "deploy", "--stage", "host/B");
            host.softReboot();
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            assertThat(host.entryVersion()).isEqualTo("A");

            // It is still staged, and its finalization service is not active.
            lockstepWhenFree(host, "upgrade", "--target", "ostree:host/B").expect(0);
            host.softReboot();
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
            assertThat(host.entryVersion()).isEqualTo("B");
            lockstepWhenFree(host, "close").expect(0);
            assertThat(lockstep(host, "status").expect(0).output())
                    .startsWith("A (")
                    .contains("is booted; B (", "boots next.")
                    .doesNotContain("fell back");

            host.reboot(OFFLINE);
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
            assertThat(lockstep(host, "history").output()).contains("the transaction is closed");
        }
    }

    /** While B is committed, an upgrade to C is killed, and the host rebooted or cut; the next one leads to C. */
    @Tag("campaign")
    @ParameterizedTest
    @MethodSource("pointsOfAChangeOfTarget")
    void anotherTargetTakesThePlaceOfWhatIsCommitted(String point) {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);
            killAndRestart(host, point, TO_C);

            assertThat(host.judge()).isIn("A runs {common, one}", "B runs {common, one, two}", "C runs {one, two}");
            if (!host.version().equals("C")) {
                lockstepWhenFree(host, TO_C.subList(2, TO_C.size()).toArray()).expect(0);
                assertThat(lockstep(host, "status").expect(0).output()).contains("C (", "is committed");
                host.reboot(OFFLINE);
            }
            assertThat(host.judge()).isEqualTo("C runs {one, two}");
            assertThat(lockstep(host, "verify").expect(0).output()).doesNotContain("no record");
            assertThat(host.runOk("bash", "-ec", """
                    comm -23 <(%s ps --all --format '{{index .Labels "dev.lockstep.transaction"}}' | sort -u) \\
                      <(cd /var/lib/lockstep/bindings; ls | sed 's/.json$//' | sort)
                    """.formatted(PODMAN)))
                    .as("pins of transactions that nobody knows")
                    .isBlank();
        }
    }

    /** What is done after the commit, and what the gate says to that at shutdown. */
    @ParameterizedTest
    @MethodSource("refusals")
    void whateverIsNotAsItWasConfirmedIsRefusedAndTold(String reason, String sabotage) {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);

            host.reboot(sabotage);

            assertThat(host.version()).isEqualTo("A");
            assertThat(lockstep(host, "status").output()).contains("(" + reason + ")");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
        }
    }

    /** Also when the clock has jumped: A was recorded in what is the future now, B at the beginning of time. */
    @Test
    void whatTheGateRefusedIsStagedAgainAndTheNextShutdownLeadsToIt() {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);
            host.reboot("""
                    cd /var/lib/lockstep
                    rm gate-pass
                    for record in bindings/*.json; do
                      began=2099
                      if grep -q '"READY"' "$record"; then began=1970; fi
                      sed -i 's/"began" : "..../"began" : "'$began'/' "$record"
                    done
                    [ "$(grep -ho '"began" : "....' bindings/*.json | sort | tr -d '\\n')" = '"began" : "1970"began" : "2099' ]
                    """);
            assertThat(host.version()).isEqualTo("A");

            awaitStatus(host, "is committed");

            host.reboot();
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
        }
    }

    @Tag("campaign")
    @Test
    void whatDidNotGetThroughInThreeBootsIsLeftAlone() {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);
            host.runOk("sh", "-ec", "sed -i 's/\"resumed\" : 0/\"resumed\" : 3/' /var/lib/lockstep/bindings/*.json");

            host.reboot("rm /var/lib/lockstep/gate-pass");

            assertThat(lockstepWhenFree(host, "resume").expect(0).output()).startsWith("Left alone:");
            assertLeftAlone(host, "in 3 boots and did not get through a shutdown");
            assertThat(lockstep(host, "status").output()).doesNotContain("is committed");
            lockstep(host, "retry").expect(0);
            host.reboot();
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
        }
    }

    /** Twice: the boot loader starts A although B is its default, and B's health check fails and something goes back to A. */
    @Test
    void whatTheHostFellBackFromIsToldAndNotTriedAgainUnasked() {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);
            host.powerOff();
            assertThat(host.entryVersion()).isEqualTo("B");
            host.bootSecond();

            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofA());
            awaitStatus(host, "the host fell back");
            assertThat(journal(host, "LOCKSTEP_EVENT=fell-back")).contains("B (", "was to boot");
            assertLeftAlone(host, "was to boot, and the host fell back from it");
            host.runOk("ostree", "admin", "deploy", "--stage", "host/B");
            awaitStatus(host, "before 'lockstep commit'");
            lockstepWhenFree(host, "abort").expect(0);

            // The check is in this host's /etc and comes along.
            host.write("/etc/systemd/system/healthy.service", """
                    [Unit]
                    Before=boot-complete.target
                    [Service]
                    Type=oneshot
                    ExecStart=grep VERSION_ID=A /usr/lib/os-release
                    [Install]
                    RequiredBy=boot-complete.target
                    """);
            host.runOk("systemctl", "enable", "healthy.service");
            lockstepWhenFree(host, "retry").expect(0);
            host.reboot();
            assertThat(host.judge()).startsWith("B runs {common, one, two}");
            assertThat(lockstep(host, "status").expect(0).output()).contains("has not proved yet that it boots");
            assertThat(lockstep(host, "history").output()).doesNotContain("the transaction is closed");

            host.reboot("ostree admin set-default 1");
            assertThat(host.judge()).isEqualTo("A runs {common, one}");
            awaitStatus(host, "the host fell back");
            assertLeftAlone(host, "was to boot, and the host fell back from it");
        }
    }

    /** Nothing is staged and nothing reboots. */
    private static void assertLeftAlone(BootedHost host, String why) {
        Run.Ended asked = lockstepWhenFree(host, "upgrade", "--target", "ostree:host/B", "--reboot");
        assertThat(asked.expect(0).output()).startsWith("Left alone: ").contains(why);
        assertThat(host.runOk("ostree", "admin", "status")).doesNotContain("staged");
        assertThat(host.runOk("systemctl", "list-jobs")).doesNotContain("reboot.target");
    }

    /** The gate that cannot do its work lets nothing through. */
    @ParameterizedTest
    @MethodSource("failingGates")
    void aGateThatFailsLetsNothingThrough(String what, String sabotage) {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);

            host.reboot("mkdir -p /var/empty; " + sabotage);

            assertThat(host.version()).as(what).isEqualTo("A");
        }
    }

    @Test
    void aStagerThatSystemdDoesNotStopDoesNotSlipInBehindTheGate() {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);

            // The stager is stopped while it writes the tree, holding ostree's lock, and goes on when the gate is
            // already under way.
            Run.Ended raced = host.run("sh", "-c", """
                    systemctl stop lockstep-adopt.path
                    c=$(ostree rev-parse host/C)
                    ostree admin deploy --stage host/C >/dev/null 2>&1 &
                    stager=$!
                    until [ -d /ostree/deploy/os/deploy/$c.0 ]; do :; done
                    kill -STOP $stager
                    ! grep -q "$c" /run/ostree/staged-deployment || exit 99
                    systemctl --no-block start reboot.target
                    sleep 3
                    kill -CONT $stager
                    wait
                    """);
            assertThat(raced.status())
                    .as("C had been staged before the shutdown began")
                    .isNotEqualTo(99);
            host.awaitEnd();
            host.boot();

            assertThat(host.version()).isIn("A", "B");
            assertThat(host.runningContainers()).isIn(fleet.ofA(), fleet.ofB());
        }
    }

    @Test
    void whatAnotherProgramStagesIsTakenUpAndCommitted() {
        try (BootedHost host = fleet.inStateA()) {
            host.runOk("ostree", "admin", "deploy", "--stage", "host/B");
            awaitStatus(host, "is committed");

            host.reboot(OFFLINE);

            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
        }
    }

    @Test
    void aRebootRightAfterAnotherProgramStagedLeadsToA() {
        try (BootedHost host = fleet.inStateA()) {
            host.reboot("ostree admin deploy --stage host/B");

            assertThat(host.judge()).isEqualTo("A runs {common, one}");
        }
    }

    @Test
    void aLockThatWasThereBeforeIsNeverLifted() {
        try (BootedHost host = fleet.inStateA()) {
            host.runOk("ostree", "admin", "deploy", "--stage", "--lock-finalization", "host/B");
            assertThat(lockstepWhenFree(host, "adopt").expect(7).errors()).contains("HELD");

            host.reboot();
            assertThat(host.version()).isEqualTo("A");
            awaitStatus(host, "before 'lockstep commit'");
        }
    }

    @Test
    void withoutItsImagesBsUnitsDoNotStartOnAsAndRepairStartsThem() {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);
            host.powerOff();
            assertThat(host.entryVersion()).isEqualTo("B");
            // Only what is B's own: A's image under the tag that both use is whole.
            Path store = host.sysroot().resolve("ostree/deploy/os/" + HostFleet.STORE.substring(1));
            Run.of("sh", "-ec", "cd $1/overlay; rm -r $(ls -d */diff/app/common-B | cut -d / -f 1)", "sh", store)
                    .end()
                    .expect(0);
            goOffline(host);
            host.boot();

            assertThat(host.version()).isEqualTo("B");
            assertThat(host.runningContainers()).isEqualTo(Map.of());
            assertThat(lockstep(host, "status").expect(6).output()).contains("damaged");

            host.runOk("rm", "/etc/containers/registries.conf.d/offline.conf");
            lockstepWhenFree(host, "repair").expect(0);
            awaitRunning(host, fleet.ofB());
            lockstep(host, "status").expect(0);
        }
    }

    @Test
    void anAdministratorMayCommitWithoutImagesOnRecord() {
        try (BootedHost host = fleet.inStateA()) {
            host.runOk("sh", "-ec", OFFLINE);
            assertThat(upgrade(host).status()).isNotZero();
            assertThat(lockstep(host, "commit", "--force").expect(2).errors()).contains("--yes-without-images");

            lockstep(host, "commit", "--force", "--yes-without-images", "--reason", "the plant waits")
                    .expect(0);
            assertThat(lockstep(host, "status").output())
                    .contains("whatever its images are")
                    .contains("the plant waits");

            host.reboot();
            assertThat(host.version()).isEqualTo("B");
            assertThat(host.runningContainers()).doesNotContainKeys("two", "common");
            assertThat(lockstep(host, "status").expect(6).output()).contains("the plant waits");
        }
    }

    @Test
    void aCheckOfTheNewRootHoldsTheCommitAndShowsWhatItFound() {
        try (BootedHost host = fleet.inStateA()) {
            // The configuration is part of the merged /etc of the new root.
            host.write("/etc/lockstep/lockstep.toml", """
                    [[check]]
                    name = "no network, read-only, and the new root"
                    command = ["sh", "-c", "grep VERSION_ID=B /usr/lib/os-release; touch /usr/x /etc/x; touch /tmp/x && cat /proc/net/dev | wc -l; exit 3"]
                    """);

            String errors = upgrade(host).expect(7).errors();

            assertThat(errors)
                    .contains("CHECK_FAILED", "VERSION_ID=B", "'/usr/x': Read-only", "'/etc/x': Read-only", "    3\n");
            host.reboot();
            assertThat(host.version()).isEqualTo("A");
        }
    }

    @Test
    void aUnitThatWouldNotFindItsImageHoldsTheCommit() {
        try (BootedHost host = fleet.inStateA()) {
            // In this host's /etc, which B's units will see as well.
            host.write("/etc/containers/systemd/one.container.d/x.conf", "[Container]\nGlobalArgs=\n");

            assertThat(upgrade(host).expect(1).errors()).contains("STORE_NOT_VISIBLE", "one.container", "storage.conf");

            // What podman mounts only from its own store.
            host.runOk("rm", "-r", "/etc/containers/systemd/one.container.d");
            host.write(
                    "/etc/containers/systemd/more.container",
                    "[Container]\nImage=" + fleet.image("one:1") + "\nMount=type=image,source="
                            + fleet.image("two:1") + ",destination=/more\n" + OUR_STORE
                            + "[X-Lockstep]\nBound=true\n");
            assertThat(upgrade(host).expect(1).errors()).contains("STORE_NOT_VISIBLE", "more.container:3");
        }
    }

    @Test
    void aPodAndAVolumeOfAnImageStartOfflineFromOurStore() {
        try (BootedHost host = fleet.inStateA()) {
            host.write("/etc/containers/systemd/pod.yaml", """
                    apiVersion: v1
                    kind: Pod
                    metadata:
                      name: pod
                    spec:
                      containers:
                      - name: played
                        image: %s
                        imagePullPolicy: Never
                    """.formatted(fleet.image("two:1")));
            String bound = OUR_STORE + "[X-Lockstep]\nBound=true\n[Install]\nWantedBy=multi-user.target\n";
            host.write("/etc/containers/systemd/pod.kube", "[Kube]\nYaml=pod.yaml\nNetwork=none\n" + bound);
            // The host has no program for the pod's first container, so that is one of ours.
            host.write(
                    "/etc/containers/containers.conf.d/infra.conf",
                    "[engine]\ninfra_image = \"" + fleet.image("one:1") + "\"\n");
            host.write(
                    "/etc/containers/systemd/data.volume",
                    "[Volume]\nDriver=image\nImage=" + fleet.image("common:2") + "\n" + bound);
            host.write(
                    "/etc/containers/systemd/reader.container",
                    "[Container]\nImage=" + fleet.image("one:1")
                            + "\nNetwork=none\nPull=never\nVolume=data.volume:/data\nContainerName=reader\n" + bound);

            upgrade(host).expect(0);
            host.reboot(OFFLINE);

            assertThat(host.version()).isEqualTo("B");
            assertThat(host.runningContainers()).containsKeys("pod", "reader");
            String podman = "podman --storage-opt=additionalimagestore=/run/lockstep/store ";
            assertThat(host.runOk("sh", "-c", podman + "inspect --format '{{.ImageDigest}}' pod-played"))
                    .isEqualTo(fleet.digest("two") + "\n");
            host.runOk("sh", "-c", podman + "exec reader /usr/bin/busybox ls /data/app/common-B");
        }
    }

    @Test
    void whatThisHostsEtcBindsIsBoundForB() {
        try (BootedHost host = fleet.inStateA()) {
            host.write("/etc/lockstep/bound-images/more.toml", """
                    [[image]]
                    image = "%s"
                    tls-verify = false
                    """.formatted(fleet.image("common:2")));

            assertThat(upgrade(host).expect(0).output()).contains(fleet.image("common:2"));
            assertThat(lockstep(host, "status").expect(0).output()).contains("is committed");

            host.write("/etc/lockstep/bound-images/later.toml", "");
            assertThat(lockstep(host, "status").output())
                    .contains("would not finalize what is staged (ETC_CHANGED)")
                    .doesNotContain("is committed");
            lockstep(host, "retry").expect(0);
            assertThat(lockstep(host, "status").expect(0).output()).contains("is committed");
        }
    }

    @Test
    void afterAFactoryResetRepairFetchesTheDigestsThatWereRecorded() {
        try (BootedHost host = fleet.inStateA()) {
            upgrade(host).expect(0);
            host.reboot();
            assertThat(host.version()).isEqualTo("B");
            host.powerOff();
            Run.of(
                            "sh",
                            "-ec",
                            "rm -r $1/lib/lockstep $1/lib/containers",
                            "sh",
                            host.sysroot().resolve("ostree/deploy/os/var"))
                    .end()
                    .expect(0);
            goOffline(host);
            host.boot();
            assertThat(host.runOk(
                            "podman", "--storage-opt=additionalimagestore=/run/lockstep/store", "images", "--quiet"))
                    .isEmpty();
            lockstep(host, "status").expect(6);

            host.runOk("rm", "/etc/containers/registries.conf.d/offline.conf");
            lockstepWhenFree(host, "repair").expect(0);

            awaitRunning(host, fleet.ofB());
        }
    }

    @ParameterizedTest
    @MethodSource("damages")
    void ordinaryPodmanWorksWhateverOurStoreIs(String what, String damage) {
        try (BootedHost host = fleet.inStateA()) {
            host.powerOff();
            Path store = host.sysroot().resolve("ostree/deploy/os/" + HostFleet.STORE.substring(1));
            Run.of("sh", "-ec", "cd $1; " + damage, "sh", store).end().expect(0);
            goOffline(host);
            host.boot();

            host.runOk("podman", "--storage-opt=additionalimagestore=/run/lockstep/store", "images", "--quiet");
            assertThat(lockstep(host, "status").status()).as(what).isEqualTo(6);

            host.runOk("rm", "/etc/containers/registries.conf.d/offline.conf");
            lockstepWhenFree(host, "repair").expect(0);
            awaitRunning(host, fleet.ofA());
        }
    }

    /** Killed at a point of an upgrade, or with the whole host at it: A or B by the next boot, and one retry leads to B. */
    @ParameterizedTest
    @MethodSource("faultPoints")
    void killedAtAnyPointTheHostIsInAOrInBAndARetryFinishes(String point) {
        try (BootedHost host = fleet.inStateA()) {
            killAndRestart(host, point, UPGRADE);
            assertThat(host.judge()).isIn("A runs {common, one}", "B runs {common, one, two}");
            if (host.version().equals("A")) {
                // The target again: a transaction that had not begun cannot be retried.
                Run.Ended again = lockstepWhenFree(
                        host, UPGRADE.subList(2, UPGRADE.size()).toArray());
                again.expect(0);
                host.reboot();
            }
            assertThat(host.judge()).isEqualTo("B runs {common, one, two}");
            assertThat(host.runningContainers()).isEqualTo(fleet.ofB());
        }
    }

    /** Lockstep is killed, and the host is rebooted, or cut after points that end a durable step. */
    private static void killAndRestart(BootedHost host, String point, List<String> command) {
        Run.Ended killed = host.run(Run.of("env", "LOCKSTEP_FAULT=" + point)
                .and(command.toArray())
                .arguments()
                .toArray());
        assertThat(killed.status()).as(killed.errors()).isEqualTo(137);
        if (point.endsWith(".after#1")) {
            host.cut();
            host.boot();
        } else {
            host.reboot();
        }
    }

    /** What an upgrade to C passes while B is committed, until C is staged; after that it is the same as any other. */
    static List<String> pointsOfAChangeOfTarget() {
        try (BootedHost host = HostFleet.shared().inStateA()) {
            upgrade(host).expect(0);
            List<String> points = trace(host, TO_C);
            assertThat(points).contains("gate-pass.unlink.after#1", "ostree-stage.after#1");
            return points.subList(0, points.indexOf("ostree-stage.after#1") + 1);
        }
    }

    /** Every point that a command passes, at its first visit. */
    private static List<String> trace(BootedHost host, List<String> command) {
        host.runOk(Run.of("env", "LOCKSTEP_FAULT_TRACE=/run/points")
                .and(command.toArray())
                .arguments()
                .toArray());
        return host.read("/run/points")
                .lines()
                .distinct()
                .map(name -> name + "#1")
                .toList();
    }

    /** The points that a whole upgrade of a booted host passes, each at its first visit; in an ordinary run, those of the commit alone. */
    static List<String> faultPoints() {
        try (BootedHost host = HostFleet.shared().inStateA()) {
            List<String> all = trace(host, UPGRADE);
            assertThat(all).contains("ostree-stage.before#1", "gate-pass.rename.after#1", "ostree-unlock.before#1");
            return CAMPAIGN ? all : all.stream().filter(SAMPLED::contains).toList();
        }
    }

    static List<Arguments> refusals() {
        String remove = PODMAN + " rm -fa; " + PODMAN + " rmi -f $(" + PODMAN + " images -q --filter reference=*/two)";
        String dropIn =
                "mkdir -p /etc/containers/systemd/one.container.d; echo [Container] > /etc/containers/systemd/one.container.d/x.conf";
        String again =
                "systemctl stop lockstep-adopt.path; ostree admin undeploy 0; ostree admin deploy --stage host/B";
        return sampled(
                2,
                Arguments.of("IMAGE_GONE", remove),
                Arguments.of("ETC_CHANGED", dropIn),
                Arguments.of("DEPLOYMENT_REPLACED", again),
                Arguments.of("NO_PASS", "rm /var/lib/lockstep/gate-pass"),
                Arguments.of("NO_PASS", "rm /var/lib/lockstep/gate-pass; " + again),
                Arguments.of("PASS_UNREADABLE", "echo >> /var/lib/lockstep/gate-pass"),
                Arguments.of(
                        "ETC_CHANGED", "mkdir -p /etc/lockstep/bound-images; touch /etc/lockstep/bound-images/x.toml"));
    }

    static List<Arguments> failingGates() {
        return sampled(
                1,
                Arguments.of("missing", "mount --bind /var/empty /usr/lib/lockstep/bin"),
                Arguments.of(
                        "not executable",
                        "cp /usr/lib/lockstep/bin/lockstep-gate /run/gate; chmod -x /run/gate; mount --bind /run/gate /usr/lib/lockstep/bin/lockstep-gate"),
                Arguments.of(
                        "killed",
                        "printf '#!/bin/sh\\\\nkill -9 $$\\\\n' > /run/gate; chmod +x /run/gate; mount --bind /run/gate /usr/lib/lockstep/bin/lockstep-gate"),
                Arguments.of("state lost", "rm -r /var/lib/lockstep"));
    }

    static List<Arguments> damages() {
        return sampled(
                1,
                Arguments.of("garbage in the list of images", "echo '[{' > overlay-images/images.json"),
                Arguments.of("garbage in the list of layers", "echo '[{' > overlay-layers/layers.json"),
                Arguments.of("gone", "rm -r ../storage"));
    }

    /** The first so many of the cases; all of them in the campaign. */
    private static <T> List<T> sampled(int first, List<T> all) {
        return CAMPAIGN ? all : all.subList(0, first);
    }

    private static List<Arguments> sampled(int first, Arguments... all) {
        return sampled(first, List.of(all));
    }

    /** For the next boot of a host that is switched off. */
    private static void goOffline(BootedHost host) {
        Run.of("sh", "-ec", "cd $1/etc\n" + OFFLINE.replace("/etc/", ""), "sh", host.entryRoot())
                .end()
                .expect(0);
    }

    /** Lockstep's units may be at work. */
    private static Run.Ended lockstepWhenFree(BootedHost host, Object... arguments) {
        Run.Ended ended = lockstep(host, arguments);
        for (int tries = 0; ended.status() == 3 && tries < PATIENCE; tries++) {
            pause();
            ended = lockstep(host, arguments);
        }
        return ended;
    }

    private static void awaitStatus(BootedHost host, String words) {
        for (int tries = 0; tries < PATIENCE; tries++) {
            if (lockstep(host, "status").output().contains(words)) {
                return;
            }
            pause();
        }
        throw new AssertionError(
                "no '" + words + "' in\n" + lockstep(host, "status").output()
                        + host.runOk("journalctl", "--boot", "--no-pager", "--unit=lockstep-adopt.service"));
    }

    private void awaitRunning(BootedHost host, Map<String, String> wanted) {
        for (int tries = 0; tries < PATIENCE && !host.runningContainers().equals(wanted); tries++) {
            pause();
        }
        assertThat(host.runningContainers()).as(host.judge()).isEqualTo(wanted);
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
