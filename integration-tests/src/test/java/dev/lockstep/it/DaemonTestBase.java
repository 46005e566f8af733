package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusConnection.Request;
import dev.lockstep.systemd.bus.BusException;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.Plain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;

/** What tests of the service begin with: a sysroot in state A, a message bus, and what a caller does. */
abstract class DaemonTestBase {
    static final Path LOCKSTEPD = Fleet.LOCKSTEP.resolveSibling("lockstepd");
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Fleet fleet = Fleet.shared();
    final Sysroot sysroot = fleet.inStateA();
    final TestBus bus;
    final List<Process> started = new ArrayList<>();

    DaemonTestBase(TestBus bus) {
        this.bus = bus;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
        bus.close();
        sysroot.close();
    }

    Run lockstepd(Object... arguments) {
        return Run.of(LOCKSTEPD, "--sysroot", sysroot.directory(), "--bus", bus.address())
                .and(arguments);
    }

    Process start(Run daemon) throws Exception {
        Process process = daemon.start();
        started.add(process);
        BusBody name = BusBody.of("s", BusNames.SERVICE);
        try (BusConnection connection = bus.connect()) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
                assertThat(process.isAlive()).as("the daemon lives").isTrue();
                return connection
                        .wait(Request.ofBus("NameHasOwner", name))
                        .get(0)
                        .equals(true);
            });
        }
        return process;
    }

    Run lockstep(Object... arguments) {
        return Run.of(Fleet.LOCKSTEP).and(arguments).with("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
    }

    Run upgrade() {
        return lockstep("upgrade", "--target", fleet.image("os:2"), "--tls-verify=false");
    }

    Run call(String method, Object... arguments) {
        return bus.busctl("call", BusNames.SERVICE, BusNames.ROOT, BusNames.MANAGER, method)
                .and(arguments);
    }

    Run stage(String id) {
        return call("Stage", "a{sv}", 3, "target", "s", fleet.image("os:2"), "tls-verify", "b", "false")
                .and("transaction-id", "s", id);
    }

    Map<String, Object> properties(BusConnection connection, String path, String type) throws BusException {
        BusBody name = BusBody.of("s", type);
        return Plain.properties(connection
                .wait(Request.of(BusNames.SERVICE, path, "org.freedesktop.DBus.Properties", "GetAll", name))
                .get(0));
    }

    Map<String, Object> ended(String id) throws Exception {
        try (BusConnection connection = bus.connect()) {
            Map<String, Object> now = new HashMap<>();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                now.putAll(properties(connection, BusNames.transaction(id), BusNames.TRANSACTION));
                return !"running".equals(now.get("State"));
            });
            return now;
        }
    }

    void isInStateB() {
        assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
    }

    Run nobody(String method, Object... arguments) {
        return bus.busctlOfNobody("call", BusNames.SERVICE, BusNames.ROOT, BusNames.MANAGER, method)
                .and(arguments);
    }

    static BusBody options(Map<String, Variant<?>> values) {
        return BusBody.of("a{sv}", values);
    }
}
