package dev.lockstep.systemd.bus;

import dev.lockstep.orchestrator.LockstepException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.freedesktop.dbus.messages.MethodCall;

/** A call that waits for its one answer; it may be given at any time, by any thread. */
public final class Invocation {
    private final BusConnection connection;
    private final MethodCall call;
    private final List<Object> arguments;
    private final AtomicBoolean answered = new AtomicBoolean();

    Invocation(BusConnection connection, MethodCall call) {
        this.connection = connection;
        this.call = call;
        this.arguments = BusConnection.values(call);
    }

    /** The caller's unique name. */
    public String sender() {
        return String.valueOf(call.getSource());
    }

    /** The method's name. */
    public String member() {
        return String.valueOf(call.getName());
    }

    /** The object that is called. */
    public String path() {
        return String.valueOf(call.getPath());
    }

    /** Whether the caller's user may be asked to authenticate. */
    public boolean interactive() {
        return BusConnection.isInteractive(call);
    }

    /** The arguments, of the types that the method takes. */
    public List<Object> arguments() {
        return arguments;
    }

    /** Answers with values. */
    public void reply(BusBody body) {
        if (answered.compareAndSet(false, true)) {
            connection.reply(call, body);
        }
    }

    /** Answers with an error. */
    public void fail(String name, String text) {
        if (answered.compareAndSet(false, true)) {
            connection.fail(call, name, text);
        }
    }

    /** Answers with a failure. */
    public void fail(LockstepException failure) {
        fail(BusErrors.name(failure.code()), BusErrors.text(failure));
    }
}
