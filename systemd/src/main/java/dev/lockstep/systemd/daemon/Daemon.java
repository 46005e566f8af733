package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusException;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.BusObjects;
import dev.lockstep.systemd.journal.Logging;
import dev.lockstep.systemd.notify.Notify;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.types.Variant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the service put together, and the loop that keeps it alive while there is work. */
final class Daemon implements BusConnection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** How often a running transaction is told of, at most. */
    private static final Duration TICK = Duration.ofMillis(250);

    private static final Duration IDLE_TICK = Duration.ofSeconds(1);
    private static final int DO_NOT_QUEUE = 4;
    private static final int PRIMARY_OWNER = 1;

    private final Notify notify;
    private final Optional<Duration> idleTime;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final BusObjects objects = new BusObjects();
    private final AtomicInteger handling = new AtomicInteger();
    private final Settings settings;
    private final HostView host;
    private final Interrupted interrupted;
    private final BusConnection connection;
    private final Authority authority;
    private final Transactions transactions;
    private final Manager manager;
    private final LogControl logControl;
    private final Told told = new Told();
    private volatile long lastWork = System.nanoTime();
    private volatile boolean leaving;

    private Daemon(Lockstep.Options where, String address, Notify notify, Optional<Duration> idleTime, Logging logging)
            throws LockstepException, IOException {
        this.notify = notify;
        this.idleTime = idleTime;
        this.settings = new Settings(where);
        this.host = new HostView(settings);
        this.interrupted =
                new Interrupted(Layout.of(where.sysroot(), where.stateroot()).runtime());
        this.connection = BusConnection.open(address, this);
        this.authority = new Authority(connection);
        this.transactions =
                new Transactions(settings, connection, objects, interrupted, logging.journal(), this::changed);
        this.logControl = new LogControl(logging, authority);
        this.manager = new Manager(host, authority, transactions, executor, version());
    }

    private static String version() {
        return Objects.requireNonNullElse(Daemon.class.getPackage().getImplementationVersion(), "(not packaged)");
    }

    /**
     * Connects to the bus.
     *
     * @throws IOException when there is none
     */
    static Daemon open(
            Lockstep.Options where, String address, Notify notify, Optional<Duration> idleTime, Logging logging)
            throws LockstepException, IOException {
        return new Daemon(where, address, notify, idleTime, logging);
    }

    /**
     * Claims the name on the bus; from then on calls are answered, and what a killed daemon left is taken up again.
     *
     * @throws IOException when another daemon has the name
     */
    void begin() throws IOException {
        objects.add(connection, manager);
        objects.add(connection, logControl);
        claim();
        Optional<Order> order = interrupted.take();
        if (order.isPresent()) {
            LOG.info("takes up again what was interrupted: "
                    + order.get().kind().label() + " " + order.get().id());
            transactions.begin(order.get(), Caller.ITSELF, true, manager::cancel);
        } else {
            interrupted.end();
        }
        notify.ready(activity() + aboutTheConfiguration());
    }

    private void claim() throws IOException {
        BusBody name = BusBody.of("su", BusNames.SERVICE, BusBody.unsigned32(DO_NOT_QUEUE));
        try {
            Object result = connection
                    .wait(BusConnection.Request.ofBus("RequestName", name))
                    .get(0);
            if (((Number) result).intValue() != PRIMARY_OWNER) {
                throw new IOException("another daemon has the name " + BusNames.SERVICE);
            }
        } catch (BusException e) {
            throw new IOException("the name " + BusNames.SERVICE + " cannot be had: " + e.getMessage(), e);
        }
    }

    /** Works until there has been nothing to do for a while, or the bus is gone. */
    void run() throws InterruptedException {
        while (connection.isOpen() && !isDone()) {
            notify.watchdog();
            Duration tick = transactions.active().isPresent() ? TICK : IDLE_TICK;
            Thread.sleep(notify.watchdogInterval()
                    .filter(time -> time.compareTo(tick) < 0)
                    .orElse(tick));
            if (transactions.active().isPresent()) {
                lastWork = System.nanoTime();
                transactions.tick();
                notify.status(activity());
            }
        }
        notify.stopping("no work");
        connection.close();
    }

    private boolean isDone() throws InterruptedException {
        if (!isIdle()) {
            return false;
        }
        // Whoever calls from now on starts the next daemon; who called before is answered first.
        leaving = true;
        try {
            connection.wait(BusConnection.Request.ofBus("ReleaseName", BusBody.of("s", BusNames.SERVICE)));
        } catch (BusException e) {
            LOG.info("the name is gone already: " + e.getMessage());
        }
        while (handling.get() > 0
                || authority.asking() > 0
                || transactions.active().isPresent()) {
            notify.watchdog();
            transactions.tick();
            Thread.sleep(TICK);
        }
        return true;
    }

    private boolean isIdle() {
        long idle = System.nanoTime() - lastWork;
        return idleTime.filter(time -> idle > time.toNanos()).isPresent()
                && handling.get() == 0
                && authority.asking() == 0
                && transactions.active().isEmpty();
    }

    private String activity() {
        return transactions
                .active()
                .map(running -> running.progress().message())
                .orElse("idle");
    }

    /** Looks at the configuration and the host anew. */
    void reload() {
        notify.reloading();
        String news = aboutTheConfiguration();
        if (news.isEmpty()) {
            LOG.info("the configuration was read again");
        }
        host.forget();
        tellManager();
        notify.ready(activity() + news);
    }

    /** Says what is wrong with it, and returns that it is, for the end of a status. */
    private String aboutTheConfiguration() {
        try {
            settings.now();
            return "";
        } catch (LockstepException e) {
            LOG.warn("refused, so nothing is begun until it is corrected: " + e.getMessage());
            return "; the configuration is refused";
        }
    }

    /** Stops: a running transaction is told to, and waited for. */
    void stop(Duration patience) throws InterruptedException {
        if (leaving) {
            return;
        }
        notify.stopping("stopping: " + activity());
        notify.extendTimeout(patience);
        transactions.stop();
        connection.close();
    }

    /** A transaction has begun or ended. */
    private void changed(Transaction transaction) {
        lastWork = System.nanoTime();
        host.forget();
        if (!transaction.isRunning()) {
            manager.ended(transaction);
        }
        tellManager();
        notify.status(activity());
    }

    private synchronized void tellManager() {
        Map<String, Variant<?>> changed = told.news(manager.properties());
        if (!changed.isEmpty()) {
            BusObjects.changed(connection, manager, changed);
        }
    }

    @Override
    public void called(BusConnection bus, MethodCall call) {
        lastWork = System.nanoTime();
        handling.incrementAndGet();
        executor.execute(() -> {
            try {
                objects.handle(bus, call);
            } catch (RuntimeException e) {
                LOG.error("internal error in " + call.getName(), e);
                bus.fail(call, "org.freedesktop.DBus.Error.Failed", "internal error: " + e);
            } finally {
                handling.decrementAndGet();
            }
        });
    }

    @Override
    public void signalled(DBusSignal signal) {}

    @Override
    public void disconnected() {}
}
