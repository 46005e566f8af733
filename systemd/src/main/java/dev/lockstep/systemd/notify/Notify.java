package dev.lockstep.systemd.notify;

import dev.lockstep.systemd.socket.UnixDatagram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how the daemon is, by the datagrams of sd_notify(3). Without a service manager nothing is sent. A notice that
 * cannot be delivered is logged once and holds nothing.
 */
public final class Notify {
    private static final Logger LOG = LoggerFactory.getLogger(Notify.class);

    private final Optional<String> socket;
    private final Optional<Duration> watchdog;
    private final AtomicBoolean told = new AtomicBoolean();

    private Notify(Optional<String> socket, Optional<Duration> watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /**
     * Takes {@code NOTIFY_SOCKET} and {@code WATCHDOG_USEC} of an environment. A watchdog that is meant for another process ({@code
     * WATCHDOG_PID}) is none.
     */
    public static Notify of(Map<String, String> environment) {
        Optional<String> socket =
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(name -> !name.isEmpty());
        String own = String.valueOf(ProcessHandle.current().pid());
        boolean isOurs = own.equals(environment.getOrDefault("WATCHDOG_PID", own));
        return new Notify(
                socket, isOurs ? microseconds(environment.getOrDefault("WATCHDOG_USEC", "")) : Optional.empty());
    }

    private static Optional<Duration> microseconds(String text) {
        try {
            long time = Long.parseLong(text);
            return time > 0 ? Optional.of(Duration.ofNanos(Math.multiplyExact(time, 1000L))) : Optional.empty();
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** How often {@link #watchdog()} must be called, if at all: twice within the time after which the service would be killed. */
    public Optional<Duration> watchdogInterval() {
        return watchdog.map(time -> time.dividedBy(2));
    }

    /** The bus name is claimed, requests are answered. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + oneLine(status));
    }

    /** What goes on, one line for {@code systemctl status}. */
    public void status(String status) {
        send("STATUS=" + oneLine(status));
    }

    /** The configuration is read again; {@link #ready} ends it. */
    public void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    /** The daemon ends. */
    public void stopping(String status) {
        send("STOPPING=1\nSTATUS=" + oneLine(status));
    }

    /** The loop that does the work is alive. */
    public void watchdog() {
        if (watchdog.isPresent()) {
            send("WATCHDOG=1");
        }
    }

    /** The start or the stop that is under way will take no longer than this from now on, unless told again. */
    public void extendTimeout(Duration time) {
        send("EXTEND_TIMEOUT_USEC=" + time.toNanos() / 1000);
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private void send(String message) {
        if (socket.isEmpty()) {
            return;
        }
        try (UnixDatagram datagram = UnixDatagram.to(socket.get())) {
            datagram.send(message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            if (told.compareAndSet(false, true)) {
                LOG.warn("the service manager cannot be told anything at {}: {}", socket.get(), e.getMessage());
            }
        }
    }
}
