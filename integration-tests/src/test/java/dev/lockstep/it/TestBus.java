package dev.lockstep.it;

import dev.lockstep.systemd.bus.BusConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.MethodCall;

/** A message bus of a test's own, with the policy of a system bus and the one that is shipped. */
final class TestBus implements AutoCloseable {
    private static final Path POLICY = Path.of("../systemd/target/lockstep/units/dev.lockstep.Upgrade1.conf")
            .toAbsolutePath()
            .normalize();

    private final Path directory;
    private final Process process;

    private TestBus(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** The reference implementation. */
    static TestBus daemon() {
        Path directory = prepared();
        return started(
                directory,
                Run.of("dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + directory.resolve("bus.conf")));
    }

    /** What current Fedora and its relatives have instead. */
    static TestBus broker() {
        Path directory = prepared();
        return started(
                directory,
                Run.of(Fleet.SCRIPTS.resolve("broker"), directory.resolve("bus"), directory.resolve("bus.conf")));
    }

    private static Path prepared() {
        try {
            Path directory = Files.createTempDirectory("lockstep-bus-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(directory.resolve("bus.conf"), configuration(directory.resolve("bus")));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestBus started(Path directory, Run bus) {
        Process process = bus.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        try {
            while (!Files.exists(directory.resolve("bus"))) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError(Run.end(process).errors());
                }
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return new TestBus(directory, process);
    }

    private static String configuration(Path socket) {
        return """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>system</type>
              <listen>unix:path=%s</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/>
                <deny own="*"/>
                <deny send_type="method_call"/>
                <allow send_type="signal"/>
                <allow send_requested_reply="true" send_type="method_return"/>
                <allow send_requested_reply="true" send_type="error"/>
                <allow receive_type="method_call"/>
                <allow receive_type="method_return"/>
                <allow receive_type="error"/>
                <allow receive_type="signal"/>
                <allow send_destination="org.freedesktop.DBus"/>
              </policy>
              <policy user="root">
                <allow own="org.freedesktop.PolicyKit1"/>
                <allow send_destination="org.freedesktop.PolicyKit1"/>
              </policy>
              <include>%s</include>
            </busconfig>
            """.formatted(socket, POLICY);
    }

    String address() {
        return "unix:path=" + directory.resolve("bus");
    }

    /** A busctl on this bus, as root. */
    Run busctl(Object... arguments) {
        return Run.of("busctl", "--address=" + address()).and(arguments);
    }

    /** The same as a user without privilege. */
    Run busctlOfNobody(Object... arguments) {
        return Run.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "busctl")
                .and("--address=" + address())
                .and(arguments);
    }

    /** A connection that leaves alone what it hears. */
    BusConnection connect() throws IOException {
        return BusConnection.open(address(), new Deaf());
    }

    /** Does not listen. */
    static class Deaf implements BusConnection.Listener {
        @Override
        public void called(BusConnection connection, MethodCall call) {}

        @Override
        public void signalled(DBusSignal signal) {}

        @Override
        public void disconnected() {}
    }

    @Override
    public void close() {
        process.toHandle().destroy();
        Run.end(process);
        Fleet.fixture("remove", directory);
    }
}
