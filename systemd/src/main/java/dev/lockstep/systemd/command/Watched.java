package dev.lockstep.systemd.command;

import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusException;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.Plain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.MethodCall;

/** What a client hears from the bus, kept until it is asked for. */
final class Watched implements BusConnection.Listener {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Something that a client hears. */
    sealed interface Event {
        /** Properties of an object have new values. */
        record Changed(String path, Map<String, Object> values) implements Event {}

        /** A transaction has ended. */
        record Finished(String path) implements Event {}

        /** The daemon has come, or gone. */
        record Owner(boolean here) implements Event {}

        /** There is no bus any more. */
        record NoBus() implements Event {}
    }

    /** Lets the daemon's signals through to this connection. */
    static void subscribe(BusConnection connection) throws BusException {
        for (String rule : List.of(
                "type='signal',sender='" + BusNames.SERVICE + "',path_namespace='" + BusNames.ROOT + "'",
                "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" + BusNames.SERVICE
                        + "'")) {
            connection.wait(BusConnection.Request.ofBus("AddMatch", BusBody.of("s", rule)));
        }
    }

    /** The next event, if one comes soon enough. */
    Optional<Event> next(long milliseconds) {
        try {
            return Optional.ofNullable(events.poll(milliseconds, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Event.NoBus());
        }
    }

    @Override
    public void called(BusConnection connection, MethodCall call) {
        connection.fail(call, "org.freedesktop.DBus.Error.UnknownObject", "a client has no objects");
    }

    @Override
    public void signalled(DBusSignal signal) {
        List<Object> values = BusConnection.values(signal);
        switch (String.valueOf(signal.getName())) {
            case "PropertiesChanged" ->
                events.add(new Event.Changed(signal.getPath(), Plain.properties(values.get(1))));
            case "Finished" -> events.add(new Event.Finished(signal.getPath()));
            case "NameOwnerChanged" ->
                events.add(new Event.Owner(!String.valueOf(values.get(2)).isEmpty()));
            default -> {}
        }
    }

    @Override
    public void disconnected() {
        events.add(new Event.NoBus());
    }
}
