package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusErrors;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.BusObject;
import dev.lockstep.systemd.json.JsonOutput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.freedesktop.dbus.types.Variant;

/** One order on the bus: while it runs, and afterwards for those who come late. */
final class Transaction implements BusObject {
    private final Order order;
    private final Caller initiator;
    private final Handler cancel;
    private final RunProgress progress = new RunProgress();
    private final Cancellation cancellation = new Cancellation();
    private State state = State.RUNNING;
    private String errorName = "";
    private String errorText = "";
    private String result = "";
    private final Told told = new Told();

    /** How a transaction is. */
    enum State {
        /** It goes on. */
        RUNNING("running"),
        /** It did what it was asked to, or there was nothing to do. */
        SUCCEEDED("succeeded"),
        /** It did not; the error says in which state the host is. */
        FAILED("failed");

        private final String label;

        State(String label) {
            this.label = label;
        }
    }

    /**
     * @param cancel answers the method Cancel
     */
    Transaction(Order order, Caller initiator, Handler cancel) {
        this.order = order;
        this.initiator = initiator;
        this.cancel = cancel;
    }

    Order order() {
        return order;
    }

    RunProgress progress() {
        return progress;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    synchronized boolean isRunning() {
        return state == State.RUNNING;
    }

    /** In words, for whoever is told that it is in the way. */
    String describe() {
        return "transaction " + order.id() + " (" + order.kind().label() + ", begun by user " + initiator.user() + "): "
                + progress.message();
    }

    synchronized void succeeded(Reports.Outcome outcome) {
        state = State.SUCCEEDED;
        result = JsonOutput.text("dev.lockstep." + command() + "/v1", outcome);
        progress.end(true, outcome.summary());
    }

    /** The command whose document the result is. */
    private String command() {
        return switch (order.kind()) {
            case STAGE -> "upgrade";
            case FORCE -> "commit";
            case COMMIT, ABORT, ROLLBACK, RETRY, REPAIR -> order.kind().label();
        };
    }

    synchronized void failed(LockstepException failure) {
        state = State.FAILED;
        errorName = BusErrors.name(failure.code());
        errorText = BusErrors.text(failure);
        progress.end(false, String.valueOf(failure.getMessage()));
    }

    /** What the signal {@code Finished} says. */
    synchronized BusBody finished() {
        return BusBody.of("bss", state == State.SUCCEEDED, errorName, errorText);
    }

    /** Name and text of the failure, both empty without one. */
    synchronized Map.Entry<String, String> error() {
        return Map.entry(errorName, errorText);
    }

    /** Properties that have changed since this was asked last. */
    synchronized Map<String, Variant<?>> changes() {
        return told.news(properties());
    }

    @Override
    public String path() {
        return BusNames.transaction(order.id());
    }

    @Override
    public String type() {
        return BusNames.TRANSACTION;
    }

    @Override
    public String introspection() {
        return Introspection.TRANSACTION;
    }

    @Override
    public synchronized Map<String, Variant<?>> properties() {
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        values.put("Id", BusBody.variant(order.id()));
        values.put("Kind", BusBody.variant(order.kind().label()));
        values.put(
                "Target", BusBody.variant(order.target().map(Object::toString).orElse("")));
        values.put("DownloadOnly", BusBody.variant("b", order.downloadOnly()));
        values.put("State", BusBody.variant(state.label));
        values.put(
                "Initiator",
                BusBody.variant(
                        "(uus)",
                        BusBody.struct(
                                BusBody.unsigned32(initiator.user()),
                                BusBody.unsigned32(initiator.process()),
                                initiator.name())));
        values.putAll(progress.properties());
        values.put("Error", BusBody.variant("(ss)", BusBody.struct(errorName, errorText)));
        values.put("Result", BusBody.variant(result));
        return values;
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of("Cancel", new Method("", cancel));
    }
}
