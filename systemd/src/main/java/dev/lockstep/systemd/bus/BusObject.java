package dev.lockstep.systemd.bus;

import java.util.Map;
import org.freedesktop.dbus.types.Variant;

/** An object with one interface of its own. */
public interface BusObject {
    /** Where it is. */
    String path();

    /** The name of its interface. */
    String type();

    /** The interface as introspection shows it: an XML element {@code interface}. */
    String introspection();

    /** All properties of the interface and their values now. */
    Map<String, Variant<?>> properties();

    /** Its methods. */
    Map<String, Method> methods();

    /** What sets a property, for those that can be set. */
    default Map<String, Setter> setters() {
        return Map.of();
    }

    /** Sets a property, and sees to the answer of the call that wants it. */
    @FunctionalInterface
    interface Setter {
        void set(Invocation invocation, Object value);
    }

    /**
     * A method.
     *
     * @param signature of its arguments
     * @param handler is run on a thread of its own and sees to the answer
     */
    record Method(String signature, Handler handler) {}

    /** Sees to the answer of a call. */
    @FunctionalInterface
    interface Handler {
        void handle(Invocation invocation);
    }
}
