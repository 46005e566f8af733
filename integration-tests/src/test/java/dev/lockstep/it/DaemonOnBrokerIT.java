package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusConnection.Request;
import dev.lockstep.systemd.bus.BusNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The service on dbus-broker, which reads policies and measures out messages in its own way. */
class DaemonOnBrokerIT extends DaemonTestBase {
    DaemonOnBrokerIT() {
        super(TestBus.broker());
    }

    @Test
    void aPlainClientInPythonFollowsAnUpgrade() throws Exception {
        start(lockstepd());
        Run client = Run.of("../docs/examples/upgrade.py", fleet.image("os:2"), "false")
                .with("DBUS_SYSTEM_BUS_ADDRESS", bus.address());

        Run.Ended ended = client.end().expect(0);

        assertThat(ended.output().lines().toList())
                .hasSizeGreaterThan(2)
                .allMatch(line -> line.matches(" {0,2}\\d+% .*|succeeded"))
                .endsWith("succeeded");
        isInStateB();
        assertThat(Run.of("../docs/examples/upgrade.py", "not a target")
                        .with("DBUS_SYSTEM_BUS_ADDRESS", bus.address())
                        .end()
                        .expect(1)
                        .errors())
                .contains("InvalidArgs");
    }

    @Test
    void nobodyReadsAndIsAskedForAndAFloodIsAnswered() throws Exception {
        start(lockstepd());
        assertThat(nobody("Describe", "a{sv}", 0).end().expect(0).output()).contains("status/v1");
        assertThat(bus.busctlOfNobody("introspect", BusNames.SERVICE, BusNames.ROOT)
                        .end()
                        .expect(0)
                        .output())
                .contains(".BoundImages");
        assertThat(bus.busctlOfNobody("call", "org.freedesktop.DBus", "/org/freedesktop/DBus")
                        .and("org.freedesktop.DBus", "RequestName", "su", BusNames.SERVICE, 0)
                        .end()
                        .expect(1)
                        .errors())
                .containsIgnoringCase("denied");
        try (TestingPolkit polkit = new TestingPolkit(bus)) {
            assertThat(nobody("Rollback", "a{sv}", 0).end().expect(1).errors()).contains("may not do this");
            assertThat(polkit.asked()).hasSize(1);
        }
        List<CompletableFuture<List<Object>>> answers = new ArrayList<>();
        try (BusConnection connection = bus.connect()) {
            for (int number = 0; number < 1000; number++) {
                answers.add(connection.call(
                        Request.of(BusNames.SERVICE, BusNames.ROOT, BusNames.MANAGER, "Describe", options(Map.of()))));
            }
            for (CompletableFuture<List<Object>> answer : answers) {
                assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).toString())
                        .contains("status/v1");
            }
        }
    }
}
