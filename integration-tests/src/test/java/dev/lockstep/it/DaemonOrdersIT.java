package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.systemd.bus.BusNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers and the service manager may want of the service, besides an upgrade. */
class DaemonOrdersIT extends DaemonTestBase {
    private static final Sysroot.Verdict STATE_A = new Sysroot.Verdict(List.of("1"), List.of());

    @TempDir
    Path directory = Path.of("/nowhere");

    DaemonOrdersIT() {
        super(TestBus.daemon());
    }

    private Run cancel(String id) {
        return bus.busctl("call", BusNames.SERVICE, BusNames.transaction(id), BusNames.TRANSACTION, "Cancel");
    }

    private static String error(Map<String, Object> transaction) {
        return String.valueOf(transaction.get("Error"));
    }

    @Test
    void whatIsCancelledLeavesAAndWhatIsBeingCommittedIsNot() throws Exception {
        PausedTool podman = PausedTool.in(directory, "podman", "' pull '");
        PausedTool ostree = PausedTool.in(directory, "ostree", "' deploy '");
        start(podman.before(lockstepd()));
        stage("first").end().expect(0);
        podman.awaitCall();

        cancel("first").end().expect(0);

        assertThat(error(ended("first"))).contains("Error.Cancelled").contains("still on A");
        assertThat(sysroot.judge()).isEqualTo(STATE_A);
        assertThat(cancel("first").end().expect(1).errors()).contains("has ended");

        podman.letGo();
        call("Retry", "a{sv}", 1, "transaction-id", "s", "second").end().expect(0);
        ostree.awaitCall();
        assertThat(cancel("second").end().expect(1).errors()).contains("being committed");
        ostree.letGo();
        assertThat(ended("second")).containsEntry("State", "succeeded").containsEntry("PointOfNoReturn", true);
        isInStateB();
    }

    @Test
    void onlyTheDigestThatIsRequiredIsCommitted() throws Exception {
        start(lockstepd());
        String right = fleet.digest("os:2");
        String wrong = fleet.digest("os:1");

        requiring("wrong", wrong, false).end().expect(0);
        assertThat(error(ended("wrong"))).contains("Error.ChangedMeanwhile").contains(right);
        assertThat(sysroot.judge()).isEqualTo(STATE_A);

        requiring("ready", right, true).end().expect(0);
        assertThat(ended("ready")).containsEntry("State", "succeeded").containsEntry("PointOfNoReturn", false);
        commit("not this", "require-digest", "s", wrong).end().expect(0);
        assertThat(error(ended("not this"))).contains("Error.ChangedMeanwhile");
        assertThat(sysroot.judge()).isEqualTo(STATE_A);
        commit("this", "require-digest", "s", right).end().expect(0);
        assertThat(ended("this")).containsEntry("State", "succeeded");
        isInStateB();
    }

    private Run requiring(String id, String digest, boolean downloadOnly) {
        return call("Stage", "a{sv}", 5, "target", "s", fleet.image("os:2"), "tls-verify", "b", "false")
                .and("transaction-id", "s", id, "require-digest", "s", digest, "download-only", "b", downloadOnly);
    }

    private Run commit(String id, Object... option) {
        return call("Commit", "a{sv}", 1 + option.length / 3, "transaction-id", "s", id)
                .and(option);
    }

    @Test
    void imagesAreLeftOutOnlyByWhomPolkitAsksEveryTimeAndWithAReason() throws Exception {
        PausedTool podman = PausedTool.in(directory, "podman", "' pull '*/app-5@");
        podman.breakDown();
        start(podman.before(lockstepd("--config", configuration("retries = 0"))));
        stage("broken").end().expect(0);
        assertThat(ended("broken")).containsEntry("State", "failed");
        commit("unforced").end().expect(0);
        assertThat(error(ended("unforced"))).contains("NoTransaction");
        Object[] force = {"a{sv}", 3, "force", "b", "true", "reason", "s", "the registry burnt down"};

        try (TestingPolkit polkit = new TestingPolkit(bus)) {
            assertThat(nobody("Commit", force)
                            .and("transaction-id", "s", "refused")
                            .end()
                            .expect(1)
                            .errors())
                    .contains("may not do this");
            assertThat(polkit.asked().get(0).get(1)).isEqualTo("dev.lockstep.Upgrade1.force");
        }
        assertThat(sysroot.judge()).isEqualTo(STATE_A);
        call("Commit", force).and("transaction-id", "s", "forced").end().expect(0);

        assertThat(ended("forced")).containsEntry("State", "succeeded").containsEntry("Kind", "force");
        assertThat(lockstep("history").end().expect(0).output())
                .containsPattern("forced.*user 0: the registry burnt down");
        Sysroot.Verdict verdict = sysroot.judge();
        assertThat(verdict.versions()).isEqualTo(List.of("2", "1"));
        assertThat(verdict.problems()).isNotEmpty();
    }

    private Path configuration(String text) throws java.io.IOException {
        return Files.writeString(directory.resolve("lockstep.toml"), text + "\n");
    }

    @Test
    void theServiceManagerHearsThatItLivesReadsItsConfigurationAgainAndStops() throws Exception {
        PausedTool podman = PausedTool.in(directory, "podman", "' pull '");
        Path file = configuration("target = \"" + fleet.image("os:1") + "\"");
        try (TestingManager manager = new TestingManager(directory.resolve("notify"))) {
            Process daemon =
                    start(manager.of(podman.before(lockstepd("--config", file))).with("WATCHDOG_USEC", "400000"));
            manager.awaits("READY=1 STATUS=idle");
            manager.awaits("WATCHDOG=1");
            Run.of("kill", "-STOP", daemon.pid()).end().expect(0);
            Thread.sleep(100);
            manager.forget();
            Thread.sleep(1000);
            assertThat(manager.count("WATCHDOG=1")).isZero();
            Run.of("kill", "-CONT", daemon.pid()).end().expect(0);
            manager.awaits("WATCHDOG=1");

            configuration("tarket = 1");
            hangUp(daemon, manager, "RELOADING=1 MONOTONIC_USEC=", "READY=1 STATUS=idle; the configuration is refused");
            assertThat(call("Describe", "a{sv}", 0).end().expect(0).output()).contains("status/v1");
            stage("refused").end().expect(0);
            assertThat(error(ended("refused"))).contains("Error.Configuration").contains("tarket");
            configuration("tls-verify = false");
            hangUp(daemon, manager, "RELOADING=1", "READY=1 STATUS=idle");
            assertThat(manager.count("refused")).isZero();

            call("Stage", "a{sv}", 2, "target", "s", fleet.image("os:2"), "transaction-id", "s", "stopped")
                    .end()
                    .expect(0);
            podman.awaitCall();
            Run.of("kill", "-TERM", daemon.pid()).end().expect(0);

            assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
            manager.awaits("STOPPING=1 STATUS=stopping: ");
            manager.awaits("EXTEND_TIMEOUT_USEC=90000000");
            assertThat(Run.end(daemon).errors())
                    .containsPattern("refused, so nothing is begun .*tarket")
                    .contains("the configuration was read again");
        }
        assertThat(sysroot.judge()).isEqualTo(STATE_A);
    }

    @Test
    void howMuchIsToldAndWhereToMayBeSetByRoot() throws Exception {
        Process daemon = start(lockstepd());
        assertThat(logControl("get-property", "LogLevel", "LogTarget", "SyslogIdentifier")
                        .end()
                        .expect(0)
                        .output())
                .isEqualTo("s \"info\"\ns \"console\"\ns \"lockstep\"\n");
        logControl("set-property", "LogLevel", "s", "debug").end().expect(0);
        call("Abort", "a{sv}", 1, "transaction-id", "s", "loud").end().expect(0);
        ended("loud");
        logControl("set-property", "LogTarget", "s", "null").end().expect(0);
        call("Abort", "a{sv}", 1, "transaction-id", "s", "silent").end().expect(0);
        ended("silent");
        assertThat(logControl("set-property", "LogLevel", "s", "loud")
                        .end()
                        .expect(1)
                        .errors())
                .contains("LogLevel is one of");
        assertThat(logControl("set-property", "LogTarget", "s", "journal")
                        .end()
                        .expect(1)
                        .errors())
                .contains("no journal here");
        assertThat(logControl("set-property", "SyslogIdentifier", "s", "x")
                        .end()
                        .expect(1)
                        .errors())
                .contains("can be set");
        assertThat(bus.busctlOfNobody("set-property", BusNames.SERVICE, "/org/freedesktop/LogControl1")
                        .and("org.freedesktop.LogControl1", "LogLevel", "s", "info")
                        .end()
                        .expect(1)
                        .errors())
                .containsIgnoringCase("denied");
        daemon.toHandle().destroy();
        assertThat(Run.end(daemon).errors())
                .contains("lockstep: recover: ")
                .contains("lockstep: begins: transaction loud")
                .contains("A command failed: abort: NO_TRANSACTION")
                .doesNotContain("silent");
    }

    private Run logControl(String verb, Object... words) {
        return bus.busctl(verb, BusNames.SERVICE, "/org/freedesktop/LogControl1", "org.freedesktop.LogControl1")
                .and(words);
    }

    private static void hangUp(Process daemon, TestingManager manager, String... then) {
        manager.forget();
        Run.of("kill", "-HUP", daemon.pid()).end().expect(0);
        for (String message : then) {
            manager.awaits(message);
        }
    }
}
