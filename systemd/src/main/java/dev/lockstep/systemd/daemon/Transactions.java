package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusObject;
import dev.lockstep.systemd.bus.BusObjects;
import dev.lockstep.systemd.journal.Journaling;
import dev.lockstep.systemd.journal.ServiceJournal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All transactions of this daemon's life, of which at most one runs. The last sixteen stay on the bus. */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private static final int KEPT = 16;

    private final Settings settings;
    private final BusConnection connection;
    private final BusObjects objects;
    private final Interrupted interrupted;
    private final ServiceJournal journal;
    private final Consumer<Transaction> changed;
    private final Map<String, Transaction> byId = new LinkedHashMap<>();
    private Optional<Transaction> active = Optional.empty();
    private Optional<Thread> worker = Optional.empty();
    private boolean stopping;

    /**
     * @param changed is told of each transaction when it begins and, before others hear of it, when it has ended
     */
    Transactions(
            Settings settings,
            BusConnection connection,
            BusObjects objects,
            Interrupted interrupted,
            ServiceJournal journal,
            Consumer<Transaction> changed) {
        this.settings = settings;
        this.connection = connection;
        this.objects = objects;
        this.interrupted = interrupted;
        this.journal = journal;
        this.changed = changed;
    }

    /** What a caller gets who wants to begin something. */
    sealed interface Begun {
        /** The transaction, which runs or, when its id was used before, may have ended. */
        record Here(Transaction transaction) implements Begun {}

        /** Another one is in the way. */
        record Busy(String with) implements Begun {}
    }

    /** The answer without beginning anything, if there is one already. */
    synchronized Optional<Begun> known(Order order) {
        Transaction same = byId.get(order.id());
        if (same != null) {
            return Optional.of(new Begun.Here(same));
        }
        if (stopping) {
            return Optional.of(new Begun.Busy("the daemon is being stopped"));
        }
        return active.map(running -> new Begun.Busy(running.describe()));
    }

    /** Begins a transaction, unless its id is known or another one runs. */
    synchronized Begun begin(Order order, Caller initiator, boolean again, BusObject.Handler cancel) {
        Optional<Begun> known = known(order);
        if (known.isPresent()) {
            return known.get();
        }
        Transaction transaction = new Transaction(order, initiator, cancel);
        byId.put(order.id(), transaction);
        active = Optional.of(transaction);
        interrupted.begin(order, again);
        LOG.info("begins: " + transaction.describe());
        transaction.changes();
        objects.add(connection, transaction);
        worker = Optional.of(Thread.ofPlatform().name("transaction").start(() -> run(transaction)));
        return new Begun.Here(transaction);
    }

    private void run(Transaction transaction) {
        changed.accept(transaction);
        try (Journaling journaling = Journaling.over(journal);
                Lockstep lockstep = settings.open(
                        transaction.order().from(),
                        journaling.around(transaction.progress()),
                        transaction.cancellation())) {
            transaction.succeeded(transaction.order().run(lockstep));
        } catch (LockstepException e) {
            transaction.failed(e);
        } catch (RuntimeException e) {
            LOG.error("internal error", e);
            transaction.failed(new LockstepException(
                    ErrorCode.STATE_UNUSABLE, "internal error: " + e, "run 'lockstep status', then 'lockstep retry'"));
        }
        interrupted.end();
        synchronized (this) {
            active = Optional.empty();
            forgetOld();
        }
        changed.accept(transaction);
        tell(transaction);
        connection.emit(transaction.path(), transaction.type(), "Finished", transaction.finished());
        LOG.info("ended: " + transaction.describe());
    }

    private void forgetOld() {
        List<Transaction> all = List.copyOf(byId.values());
        for (Transaction old : all.subList(0, Math.max(0, all.size() - KEPT))) {
            byId.remove(old.order().id());
            objects.remove(connection, old);
        }
    }

    /** Tells how far the running transaction is, if it has moved since. */
    void tick() {
        active().ifPresent(this::tell);
    }

    private synchronized void tell(Transaction transaction) {
        Map<String, org.freedesktop.dbus.types.Variant<?>> changes = transaction.changes();
        if (!changes.isEmpty()) {
            BusObjects.changed(connection, transaction, changes);
        }
    }

    /** The one that runs. */
    synchronized Optional<Transaction> active() {
        return active;
    }

    /** Lets nothing begin any more, tells the running one to stop and waits until it has, and has been told. */
    void stop() throws InterruptedException {
        Optional<Thread> last;
        synchronized (this) {
            stopping = true;
            active.ifPresent(running -> running.cancellation().request());
            last = worker;
        }
        if (last.isPresent()) {
            last.get().join();
        }
    }
}
