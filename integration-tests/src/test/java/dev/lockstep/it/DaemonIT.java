package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusConnection.Request;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.Plain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.freedesktop.dbus.messages.DBusSignal;
import org.junit.jupiter.api.Test;

/** The service on a real message bus. */
class DaemonIT extends DaemonTestBase {
    DaemonIT() {
        super(TestBus.daemon());
    }

    @Test
    void theCommandSaysTheSameThroughTheDaemonAndWithoutIt() throws Exception {
        assertThat(lockstep("status").end().expect(1).errors())
                .contains("DAEMON_UNREACHABLE")
                .contains("--standalone");
        start(lockstepd());
        for (List<String> words :
                List.of(List.of("status"), List.of("--json", "status"), List.of("history"), List.of("verify"))) {
            Run.Ended here = sysroot.lockstep(words.toArray()).end();
            assertThat(lockstep(words.toArray()).end().expect(here.status()).output())
                    .as(words.toString())
                    .isEqualTo(here.output());
        }
        assertThat(lockstep("commit").end().expect(1).errors())
                .isEqualTo(sysroot.lockstep("commit").end().expect(1).errors());
        assertThat(lockstep("check", "--target", fleet.image("os:2"), "--tls-verify=false")
                        .end()
                        .expect(0)
                        .output())
                .startsWith("There is something new")
                .contains("1 image, 0 present, 2 layers, ");

        Run.Ended upgrade = upgrade().end().expect(0);

        assertThat(upgrade.output()).contains("Now B: 2 (").contains("fetched");
        // A step that is over before the next change is told may be left out.
        assertThat(upgrade.errors())
                .containsPattern("(?m)^(stage|resolve|pull|confirm) ")
                .contains("commit");
        isInStateB();
        assertThat(lockstep("rollback").end().expect(0).output()).contains("/etc");
        assertThat(sysroot.judge().versions()).isEqualTo(List.of("1", "2"));
    }

    @Test
    void everyObjectShowsItsWholeInterface() throws Exception {
        start(lockstepd());
        String manager = bus.busctl("introspect", BusNames.SERVICE, BusNames.ROOT)
                .end()
                .expect(0)
                .output();
        assertThat(manager)
                .contains(".Stage")
                .contains(".Describe")
                .contains(".BoundImages")
                .contains(".GetManagedObjects");
        assertThat(bus.busctl("tree", BusNames.SERVICE).end().expect(0).output())
                .contains(BusNames.ROOT);
        assertThat(call("Stage", "a{sv}", 1, "nonsense", "b", "true")
                        .end()
                        .expect(1)
                        .errors())
                .contains("does not know the option nonsense");
        assertThat(call("Repair", "a{sv}", 1, "from", "s", "oci:stick")
                        .end()
                        .expect(1)
                        .errors())
                .contains("absolute path");
        assertThat(call("Stage").end().expect(1).errors()).contains("takes 'a{sv}'");
        assertThat(call("Nothing").end().expect(1).errors()).contains("there is no");
        assertThat(call("Collect", "a{sv}", 1, "dry-run", "b", "true")
                        .end()
                        .expect(0)
                        .output())
                .contains("dev.lockstep.gc/v1");
        call("Abort", "a{sv}", 1, "transaction-id", "s", "shown").end().expect(0);
        ended("shown");
        isAsItsInterfaceSays(BusNames.ROOT, BusNames.MANAGER);
        isAsItsInterfaceSays(BusNames.transaction("shown"), BusNames.TRANSACTION);
        Run.Ended gdbus = Run.of("gdbus", "introspect", "--address", bus.address(), "--dest", BusNames.SERVICE)
                .and("--object-path", BusNames.ROOT)
                .end()
                .expect(0);
        assertThat(gdbus.output()).contains("readonly a{sv} Booted").contains("org.freedesktop.DBus.ObjectManager");
    }

    /** No property is shown and not there, or there and not shown; no method is only shown. */
    private void isAsItsInterfaceSays(String path, String type) throws Exception {
        String shipped = Files.readString(LOCKSTEPD.resolveSibling("../interfaces/" + type + ".xml"));
        try (BusConnection connection = bus.connect()) {
            assertThat(properties(connection, path, type).keySet())
                    .containsExactlyInAnyOrderElementsOf(names(shipped, "property"));
        }
        for (String method : names(shipped, "method")) {
            assertThat(bus.busctl("call", BusNames.SERVICE, path, type, method, "d", "1")
                            .end()
                            .expect(1)
                            .errors())
                    .contains(method + " takes '");
        }
    }

    private static List<String> names(String document, String element) {
        return Pattern.compile("<" + element + " name=\"(\\w+)\"")
                .matcher(document)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aClientThatIsGoneCancelsNothingAndTheSameIdIsTheSameTransaction() throws Exception {
        start(lockstepd());
        // busctl ends with the answer.
        String path = stage("one").end().expect(0).output();

        assertThat(path).contains("/dev/lockstep/Upgrade1/transaction/one");
        assertThat(stage("one").end().expect(0).output()).isEqualTo(path);
        assertThat(stage("two").end().expect(1).errors()).contains("another transaction is in hand: transaction one");
        assertThat(lockstep("rollback").end().expect(3).errors())
                .contains("LOCK_HELD")
                .contains("transaction one");
        assertThat(upgrade().end().expect(0).errors()).contains("follows it");
        assertThat(ended("one")).containsEntry("State", "succeeded").containsEntry("PointOfNoReturn", true);
        isInStateB();
    }

    /** Hears a transaction's progress. */
    private static final class Watcher extends TestBus.Deaf {
        private final List<Long> percents = new CopyOnWriteArrayList<>();
        private final List<Long> times = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Boolean> finished = new CompletableFuture<>();

        @Override
        public void signalled(DBusSignal signal) {
            if (String.valueOf(signal.getName()).equals("Finished")) {
                finished.complete(BusConnection.values(signal).get(0).equals(true));
            } else if (signal.getPath().startsWith(BusNames.TRANSACTIONS)) {
                Object progress =
                        Plain.properties(BusConnection.values(signal).get(1)).get("Progress");
                if (progress != null) {
                    percents.add(Plain.number(Plain.list(progress), 0));
                    times.add(System.nanoTime());
                }
            }
        }
    }

    @Test
    void twentyWatchersHearSteadyProgressWhileAThousandCallsCome() throws Exception {
        start(lockstepd());
        List<Watcher> watchers = new ArrayList<>();
        List<BusConnection> connections = new ArrayList<>();
        BusBody rule = BusBody.of("s", "type='signal',sender='" + BusNames.SERVICE + "'");
        for (int number = 0; number < 20; number++) {
            watchers.add(new Watcher());
            connections.add(BusConnection.open(bus.address(), watchers.get(number)));
            connections.get(number).wait(Request.ofBus("AddMatch", rule));
        }
        stage("flooded").end().expect(0);
        List<CompletableFuture<List<Object>>> answers = new ArrayList<>();
        for (int number = 0; number < 1000; number++) {
            answers.add(connections
                    .get(number % 20)
                    .call(Request.of(
                            BusNames.SERVICE, BusNames.ROOT, BusNames.MANAGER, "Describe", options(Map.of()))));
        }
        for (CompletableFuture<List<Object>> answer : answers) {
            assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).get(0).toString())
                    .contains("dev.lockstep.status/v1");
        }
        for (Watcher watcher : watchers) {
            assertThat(watcher.finished.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(watcher.percents).isSorted().endsWith(100L);
            // At most four a second, and the last word.
            double seconds = (watcher.times.get(watcher.times.size() - 1) - watcher.times.get(0)) / 1e9;
            assertThat(watcher.percents.size()).isLessThanOrEqualTo((int) (seconds * 4) + 2);
        }
        connections.forEach(BusConnection::close);
        isInStateB();
    }

    @Test
    void aDaemonThatIsKilledTakesTheTransactionUpAgainAndItsClientFollows() throws Exception {
        Process first = start(lockstepd().with("LOCKSTEP_FAULT", "podman-pull.before#1"));
        Process client = upgrade().start();
        started.add(client);
        assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));

        start(lockstepd());

        Run.Ended ended = Run.end(client).expect(0);
        assertThat(ended.errors()).contains("lockstepd has gone");
        assertThat(ended.output()).contains("Now B: 2 (");
        isInStateB();
    }

    @Test
    void askedToStopItLeavesStateAAndSaysSo() throws Exception {
        Process daemon = start(lockstepd().with("LOCKSTEP_FAULT", "podman-pull.before#1:term"));

        Run.Ended client = upgrade().end().expect(5);

        assertThat(client.errors()).contains("CANCELLED").contains("still on A");
        assertThat(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isEqualTo(128 + 15);
        assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
        start(lockstepd());
        lockstep("retry").end().expect(0);
        isInStateB();
    }

    @Test
    void watchTellsEachChangeInALine() throws Exception {
        start(lockstepd());
        Process watch = Run.of("timeout", "20", Fleet.LOCKSTEP, "--json", "watch")
                .with("DBUS_SYSTEM_BUS_ADDRESS", bus.address())
                .start();
        started.add(watch);
        java.io.BufferedReader lines = watch.inputReader();
        assertThat(lines.readLine()).startsWith("{\"time\":").contains("\"property\":\"Version\"");

        assertThat(lockstep("commit").end().expect(1).errors()).contains("NO_TRANSACTION");

        assertThat(lines.lines()
                        .filter(line -> line.contains("\"value\":\"failed\""))
                        .findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("/transaction/").contains("\"State\""));
    }

    @Test
    void withoutWorkItLeaves() throws Exception {
        Process daemon = start(lockstepd("--idle-exit", 1));
        assertThat(daemon.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isZero();
    }

    @Test
    void whoIsNotRootIsAskedForByPolkitBeforeAnythingBegins() throws Exception {
        Process daemon = start(lockstepd());
        Run describe = nobody("Describe", "a{sv}", 0);
        Run rollback = nobody("Rollback", "a{sv}", 0);
        List<Path> before = sysroot.bindings();
        assertThat(describe.end().expect(0).output()).contains("dev.lockstep.status/v1");
        assertThat(rollback.end().expect(1).errors()).contains("may not do this");
        try (TestingPolkit polkit = new TestingPolkit(bus)) {
            assertThat(rollback.end().expect(1).errors()).contains("may not do this");
            assertThat(polkit.asked()).hasSize(1);
            assertThat(polkit.asked().get(0).get(1)).isEqualTo("dev.lockstep.Upgrade1.rollback");
            assertThat(polkit.asked().get(0).get(2).toString()).contains("kind=rollback");
            polkit.answer(TestingPolkit.Answer.CHALLENGE);
            assertThat(rollback.end().expect(1).errors()).contains("authenticate");
            assertThat(bus.busctl("tree", BusNames.SERVICE).end().expect(0).output())
                    .doesNotContain("/transaction");
            assertThat(sysroot.bindings()).isEqualTo(before);

            polkit.answer(TestingPolkit.Answer.LATER);
            List<Process> prompts = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                prompts.add(rollback.start());
            }
            started.addAll(prompts);
            await().atMost(PATIENCE).until(() -> polkit.open() == 8);
            assertThat(describe.end().expect(0).output()).contains("status/v1");
            polkit.answerOpen(false);
            for (Process prompt : prompts) {
                Run.end(prompt).expect(1);
            }
            polkit.answer(TestingPolkit.Answer.YES);
            assertThat(nobody("Abort", "a{sv}", 1, "transaction-id", "s", "by nobody")
                            .end()
                            .expect(0)
                            .output())
                    .contains("/transaction/by_20nobody");
            assertThat(ended("by nobody")).containsEntry("State", "failed");
        }
        daemon.toHandle().destroy();
        assertThat(Run.end(daemon).errors())
                .containsPattern("refused dev.lockstep.Upgrade1.rollback to user 65534, process \\d+, :1\\.");
    }

    @Test
    void nobodyElseThanRootMayBeTheDaemon() throws IOException {
        Run.Ended refused = Run.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", LOCKSTEPD)
                .and("--sysroot", sysroot.directory(), "--bus", bus.address())
                .end();
        assertThat(refused.status()).isNotZero();
        assertThat(Files.exists(sysroot.directory())).isTrue();
    }
}
