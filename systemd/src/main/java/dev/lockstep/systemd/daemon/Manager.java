package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusErrors;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.BusObject;
import dev.lockstep.systemd.bus.Invocation;
import dev.lockstep.systemd.json.JsonOutput;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.Variant;

/** The object that callers begin with. Authorization comes first: a call that is refused leaves nothing behind. */
final class Manager implements BusObject {
    private static final Set<String> TARGET = Set.of("target", "tls-verify");

    private final HostView host;
    private final Authority authority;
    private final Executor executor;
    private final Transactions transactions;
    private final String version;
    private volatile Optional<Transaction> failure = Optional.empty();

    /**
     * @param executor for what takes time
     */
    Manager(HostView host, Authority authority, Transactions transactions, Executor executor, String version) {
        this.host = host;
        this.authority = authority;
        this.transactions = transactions;
        this.executor = executor;
        this.version = version;
    }

    /** Remembers how a transaction ended. */
    void ended(Transaction transaction) {
        failure = transaction.error().getKey().isEmpty() ? Optional.empty() : Optional.of(transaction);
    }

    @Override
    public String path() {
        return BusNames.ROOT;
    }

    @Override
    public String type() {
        return BusNames.MANAGER;
    }

    @Override
    public String introspection() {
        return Introspection.MANAGER;
    }

    @Override
    public Map<String, Variant<?>> properties() {
        return ManagerProperties.of(version, host.lastSeen(), transactions.active(), failure);
    }

    @Override
    public Map<String, Method> methods() {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("Describe", reading(this::describe));
        methods.put("GetHistory", reading(this::history));
        methods.put("Check", reading(this::check));
        methods.put("Verify", reading(this::verify));
        methods.put("Stage", changing(Kind.STAGE));
        methods.put("Commit", changing(Kind.COMMIT));
        methods.put("Abort", changing(Kind.ABORT));
        methods.put("Rollback", changing(Kind.ROLLBACK));
        methods.put("Retry", changing(Kind.RETRY));
        methods.put("Repair", changing(Kind.REPAIR));
        methods.put("Collect", reading(this::collect));
        return methods;
    }

    /** A method that answers with a document. */
    private interface Reading {
        void read(Invocation call) throws LockstepException;
    }

    private static Method reading(Reading reading) {
        return new Method("a{sv}", call -> answer(call, () -> reading.read(call)));
    }

    private interface Work {
        void run() throws LockstepException;
    }

    private static void answer(Invocation call, Work work) {
        try {
            work.run();
        } catch (LockstepException e) {
            call.fail(e);
        } catch (IllegalArgumentException e) {
            call.fail(BusErrors.INVALID_ARGUMENTS, String.valueOf(e.getMessage()));
        }
    }

    private static void document(Invocation call, String name, Object report) {
        call.reply(BusBody.text(JsonOutput.text("dev.lockstep." + name + "/v1", report)));
    }

    private void describe(Invocation call) throws LockstepException {
        CallOptions.of(call, Set.of());
        document(call, "status", host.status());
    }

    private void history(Invocation call) throws LockstepException {
        CallOptions.of(call, Set.of());
        document(call, "history", host.look(Lockstep::history));
    }

    private void check(Invocation call) {
        CallOptions options = CallOptions.of(call, TARGET);
        Map<String, String> details = Map.of("target", options.text("target").orElse(""));
        authorized(call, "check", details, caller -> {
            Reports.Check check = host.ask(lockstep -> lockstep.check(options.target(), options.choice("tls-verify")));
            document(call, "check", check);
        });
    }

    private void verify(Invocation call) {
        boolean deep = CallOptions.of(call, Set.of("deep")).flag("deep");
        authorized(
                call,
                "check",
                Map.of(),
                caller -> document(call, "verify", host.look(lockstep -> lockstep.verify(deep))));
    }

    private void collect(Invocation call) {
        boolean preview = CallOptions.of(call, Set.of("dry-run")).flag("dry-run");
        authorized(
                call,
                preview ? "check" : "collect",
                Map.of(),
                caller -> document(call, "gc", host.ask(lockstep -> lockstep.collect(preview))));
    }

    private Method changing(Kind kind) {
        return new Method(
                "a{sv}",
                call -> answer(call, () -> {
                    Order order = Order.of(kind, CallOptions.of(call, Order.known(kind)));
                    Optional<Transactions.Begun> known = transactions.known(order);
                    if (known.isPresent()) {
                        answer(call, known.get());
                        return;
                    }
                    authorized(call, action(order), details(order), caller -> {
                        String who = "user " + caller.user();
                        answer(call, transactions.begin(order.by(who), caller, false, this::cancel));
                    });
                }));
    }

    private static void answer(Invocation call, Transactions.Begun begun) {
        switch (begun) {
            case Transactions.Begun.Here here ->
                call.reply(BusBody.of("o", new DBusPath(here.transaction().path())));
            case Transactions.Begun.Busy busy ->
                call.fail(
                        BusErrors.BUSY,
                        "another transaction is in hand: " + busy.with()
                                + "\n  next:  wait for it to end, or cancel it; 'lockstep watch' shows how far it is");
        }
    }

    private String action(Order order) {
        boolean other = order.kind() == Kind.STAGE && !host.isConfigured(order.target());
        return other ? "stage-other" : order.kind().action();
    }

    private Map<String, String> details(Order order) {
        Optional<Reports.Status> status = host.lastSeen();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("kind", order.kind().label());
        details.put(
                "target",
                order.target()
                        .map(Object::toString)
                        .or(() -> status.flatMap(Reports.Status::transaction).map(Reports.TransactionStatus::target))
                        .orElse(""));
        details.put("digest", order.digest().orElse(""));
        details.put("from", name(status, 0));
        details.put("to", order.kind() == Kind.ROLLBACK ? name(status, 1) : details.get("target"));
        return details;
    }

    private static String name(Optional<Reports.Status> status, int index) {
        return status.map(Reports.Status::deployments)
                .filter(deployments -> deployments.size() > index)
                .map(deployments -> deployments.get(index).name())
                .orElse("");
    }

    /** What is done for a caller who may. */
    private interface Allowed {
        void run(Caller caller) throws LockstepException;
    }

    private void authorized(Invocation call, String action, Map<String, String> details, Allowed allowed) {
        String name = ManagerProperties.action(action);
        authority
                .ask(call, name, details)
                .thenAcceptAsync(
                        answer -> {
                            switch (answer.decision()) {
                                case ALLOWED -> answer(call, () -> allowed.run(answer.caller()));
                                case REFUSED -> call.fail(Refusals.of(name, answer.caller()));
                                case CHALLENGE -> call.fail(Refusals.CHALLENGE, Refusals.challenge(name));
                            }
                        },
                        executor)
                .exceptionally(failed -> {
                    call.fail("org.freedesktop.DBus.Error.Failed", "internal error: " + failed);
                    return null;
                });
    }

    /** Answers a transaction's method Cancel. */
    void cancel(Invocation call) {
        Optional<Transaction> running = transactions.active();
        authorized(call, "cancel", Map.of(), caller -> {
            Optional<Transaction> same = running.filter(found -> found.path().equals(call.path()));
            if (same.isEmpty() || !same.get().isRunning()) {
                call.fail(BusNames.SERVICE + ".Error.NotRunning", "the transaction has ended");
            } else if (same.get().progress().pointOfNoReturn()) {
                call.fail(
                        BusNames.SERVICE + ".Error.PointOfNoReturn",
                        "the new deployment is being committed\n  next:  wait for it, then run 'lockstep rollback'");
            } else {
                same.get().cancellation().request();
                call.reply(BusBody.EMPTY);
            }
        });
    }
}
