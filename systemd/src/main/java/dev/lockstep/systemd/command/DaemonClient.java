package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusErrors;
import dev.lockstep.systemd.bus.BusException;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.Plain;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;

/** The daemon as the command sees it. The service manager starts it when it is asked. */
final class DaemonClient implements AutoCloseable {
    private static final String IN_PROCESS = "add --standalone to do the work in this process instead";

    private final BusConnection connection;
    private final Watched watched;

    private DaemonClient(BusConnection connection, Watched watched) {
        this.connection = connection;
        this.watched = watched;
    }

    /** Connects to the system bus. */
    static DaemonClient open() throws LockstepException {
        String address = BusNames.address(Optional.empty(), System.getenv());
        Watched watched = new Watched();
        try {
            return new DaemonClient(BusConnection.open(address, watched), watched);
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.DAEMON_UNREACHABLE,
                    "there is no message bus at " + address + ": " + e.getMessage(),
                    IN_PROCESS,
                    e);
        }
    }

    /** What is heard from the daemon from now on. */
    Watched subscribe() throws LockstepException {
        try {
            Watched.subscribe(connection);
            return watched;
        } catch (BusException e) {
            throw failure(e);
        }
    }

    /** Calls a method of the manager that answers with one text: a document, or an object's path. */
    String call(String method, Map<String, Variant<?>> options) throws LockstepException {
        return call(BusNames.ROOT, BusNames.MANAGER, method, BusBody.of("a{sv}", options));
    }

    /** Calls any method that answers with one text, or with nothing. */
    String call(String path, String type, String method, BusBody body) throws LockstepException {
        List<Object> values = values(path, type, method, body);
        return values.isEmpty() ? "" : String.valueOf(Plain.of(values.get(0)));
    }

    /** All properties of an object. */
    Map<String, Object> properties(String path, String type) throws LockstepException {
        return Plain.properties(values(path, "org.freedesktop.DBus.Properties", "GetAll", BusBody.of("s", type))
                .get(0));
    }

    private List<Object> values(String path, String type, String method, BusBody body) throws LockstepException {
        try {
            return connection.wait(new BusConnection.Request(BusNames.SERVICE, path, type, method, true, body));
        } catch (BusException e) {
            throw failure(e);
        }
    }

    private static LockstepException failure(BusException failure) {
        String text = String.valueOf(failure.getMessage());
        Optional<LockstepException> known = BusErrors.failure(failure.name(), text);
        if (known.isPresent()) {
            return known.get();
        }
        return switch (failure.name().substring(failure.name().lastIndexOf('.') + 1)) {
            case "ServiceUnknown", "NameHasNoOwner", "SpawnServiceNotFound", "NoReply", "Disconnected" ->
                new LockstepException(
                        ErrorCode.DAEMON_UNREACHABLE, "lockstepd does not answer: " + text, IN_PROCESS, failure);
            case "AccessDenied", "InteractiveAuthorizationRequired" ->
                new LockstepException(ErrorCode.PRIVILEGE, text, "run it as root, for example with sudo", failure);
            case "InvalidArgs" -> new LockstepException(ErrorCode.USAGE, text, "see 'lockstep --help'", failure);
            default ->
                new LockstepException(ErrorCode.DAEMON_UNREACHABLE, failure.name() + ": " + text, IN_PROCESS, failure);
        };
    }

    @Override
    public void close() {
        connection.close();
    }
}
