package dev.lockstep.systemd.bus;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.freedesktop.dbus.connections.transports.AbstractTransport;
import org.freedesktop.dbus.connections.transports.TransportBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.MethodReturn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a message bus. What arrives is told on one thread, in its order; the listener must not wait on it. Sending may be done by any
 * thread.
 */
public final class BusConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BusConnection.class);
    private static final int NO_REPLY_EXPECTED = 1;
    private static final int ALLOW_INTERACTIVE_AUTHORIZATION = 4;

    private final AbstractTransport transport;
    private final Listener listener;
    private final Map<Long, CompletableFuture<List<Object>>> pending = new ConcurrentHashMap<>();
    private volatile String name = "";
    private volatile boolean closed;

    private BusConnection(AbstractTransport transport, Listener listener) {
        this.transport = transport;
        this.listener = listener;
    }

    /** Who is told what arrives. */
    public interface Listener {
        /** Somebody calls a method. */
        void called(BusConnection connection, MethodCall call);

        /** A signal that a match rule lets through. */
        void signalled(DBusSignal signal);

        /** The bus is gone, or this end has closed. */
        void disconnected();
    }

    /**
     * A call of somebody else's method.
     *
     * @param destination a bus name
     * @param path of the object
     * @param type the interface
     * @param member the method
     * @param interactive whether the user may be asked to authenticate
     * @param arguments with their types
     */
    public record Request(
            String destination, String path, String type, String member, boolean interactive, BusBody arguments) {

        /** A call that asks no user. */
        public static Request of(String destination, String path, String type, String member, BusBody arguments) {
            return new Request(destination, path, type, member, false, arguments);
        }

        /** A call of the bus itself. */
        public static Request ofBus(String member, BusBody arguments) {
            return of("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", member, arguments);
        }
    }

    /**
     * Connects and says hello.
     *
     * @throws IOException when there is no such bus, or it refuses
     */
    public static BusConnection open(String address, Listener listener) throws IOException {
        AbstractTransport transport;
        try {
            transport = TransportBuilder.create(address)
                    .configure()
                    .withAutoConnect(false)
                    .back()
                    .build();
            transport.connect();
        } catch (DBusException | RuntimeException e) {
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        BusConnection connection = new BusConnection(transport, listener);
        Thread.ofPlatform().name("bus").daemon().start(connection::read);
        try {
            connection.name = String.valueOf(
                    connection.wait(Request.ofBus("Hello", BusBody.EMPTY)).get(0));
        } catch (BusException e) {
            connection.close();
            throw new IOException(e.getMessage(), e);
        }
        return connection;
    }

    /** The unique name that the bus gave to this connection. */
    public String name() {
        return name;
    }

    /** Whether messages can still be sent. */
    public boolean isOpen() {
        return !closed;
    }

    /** Calls; the future ends with the answer's values, or exceptionally with a {@link BusException}. */
    public CompletableFuture<List<Object>> call(Request request) {
        CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        try {
            MethodCall call = factory()
                    .createMethodCall(
                            null,
                            request.destination(),
                            request.path(),
                            request.type(),
                            request.member(),
                            (byte) (request.interactive() ? ALLOW_INTERACTIVE_AUTHORIZATION : 0),
                            request.arguments().signatureOrNull(),
                            request.arguments().array());
            pending.put(call.getSerial(), answer);
            send(call);
            if (closed) {
                giveUp();
            }
        } catch (DBusException e) {
            answer.completeExceptionally(new BusException(BusErrors.FAILED, String.valueOf(e.getMessage())));
        }
        return answer;
    }

    /** Calls and waits for the answer, however long it takes; when the other end or the bus goes away it is an error. */
    public List<Object> wait(Request request) throws BusException {
        try {
            return call(request).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BusException known
                    ? known
                    : new BusException(BusErrors.FAILED, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusException(BusErrors.FAILED, "interrupted");
        }
    }

    /** Answers a call, unless the caller wants no answer. */
    public void reply(MethodCall call, BusBody body) {
        if ((call.getFlags() & NO_REPLY_EXPECTED) != 0) {
            return;
        }
        try {
            send(factory().createMethodReturn(call, body.signatureOrNull(), body.array()));
        } catch (DBusException e) {
            LOG.error("the answer to {} cannot be written", call.getName(), e);
        }
    }

    /** Answers a call with an error. */
    public void fail(MethodCall call, String error, String text) {
        if ((call.getFlags() & NO_REPLY_EXPECTED) != 0) {
            return;
        }
        try {
            send(factory().createError(null, call.getSource(), error, call.getSerial(), "s", BusBody.clean(text)));
        } catch (DBusException e) {
            LOG.error("the error {} cannot be written", error, e);
        }
    }

    /** Emits a signal to whoever listens. */
    public void emit(String path, String type, String member, BusBody body) {
        try {
            send(factory().createSignal(null, path, type, member, body.signatureOrNull(), body.array()));
        } catch (DBusException e) {
            LOG.error("the signal {} cannot be written", member, e);
        }
    }

    /** Whether a call's sender lets its user be asked to authenticate. */
    static boolean isInteractive(MethodCall call) {
        return (call.getFlags() & ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
    }

    private MessageFactory factory() {
        return transport.getMessageFactory();
    }

    private synchronized void send(Message message) {
        try {
            transport.writeMessage(message);
        } catch (IOException e) {
            LOG.debug("nothing can be sent", e);
            closed = true;
        }
    }

    private void read() {
        try {
            while (!closed) {
                Message message = transport.readMessage();
                if (message != null) {
                    handle(message);
                }
            }
        } catch (IOException | DBusException | RuntimeException e) {
            LOG.debug("the bus is gone", e);
        }
        closed = true;
        giveUp();
        listener.disconnected();
    }

    private void handle(Message message) throws DBusException {
        switch (message) {
            case MethodCall call -> listener.called(this, call);
            case DBusSignal signal -> listener.signalled(signal);
            case MethodReturn answer -> answerTo(answer).ifPresent(future -> future.complete(values(answer)));
            case org.freedesktop.dbus.messages.Error error ->
                answerTo(error)
                        .ifPresent(future -> future.completeExceptionally(
                                new BusException(String.valueOf(error.getName()), text(error))));
            default -> LOG.debug("left alone: {}", message);
        }
    }

    private Optional<CompletableFuture<List<Object>>> answerTo(Message answer) {
        return Optional.ofNullable(pending.remove(answer.getReplySerial()));
    }

    private static String text(Message error) {
        List<Object> values = values(error);
        return values.isEmpty() ? "no reason given" : String.valueOf(values.get(0));
    }

    /** What a message carries; empty when it cannot be read. */
    public static List<Object> values(Message message) {
        try {
            Object[] values = message.getParameters();
            return values == null ? List.of() : List.of(values);
        } catch (DBusException | RuntimeException e) {
            LOG.warn("a message cannot be read: {}", message.getName(), e);
            return List.of();
        }
    }

    private void giveUp() {
        for (Long serial : List.copyOf(pending.keySet())) {
            Optional.ofNullable(pending.remove(serial))
                    .ifPresent(future -> future.completeExceptionally(new BusException(
                            "org.freedesktop.DBus.Error.Disconnected", "the connection to the bus is gone")));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            transport.close();
        } catch (IOException e) {
            LOG.debug("closed already", e);
        }
    }
}
