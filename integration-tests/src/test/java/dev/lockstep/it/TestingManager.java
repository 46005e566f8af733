package dev.lockstep.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for the service manager of one service: hears what sd_notify(3) tells. */
final class TestingManager implements AutoCloseable {
    private final Path socket;
    private final Process listener;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    /**
     * @param socket is made here
     */
    TestingManager(Path socket) throws IOException {
        this.socket = socket;
        this.listener = Run.of(Fleet.SCRIPTS.resolve("listen"), socket).start();
        java.io.BufferedReader lines = listener.inputReader();
        if (lines.readLine() == null) {
            throw new AssertionError(Run.end(listener).errors());
        }
        Thread.ofVirtual().start(() -> lines.lines().forEach(heard::add));
    }

    /** A service that tells this manager. */
    Run of(Run service) {
        return service.with("NOTIFY_SOCKET", socket.toString());
    }

    /** How many of the messages since the last {@link #forget()} have a text in them. */
    long count(String text) {
        return heard.stream().filter(message -> message.contains(text)).count();
    }

    /** Waits until a message has a text in it. */
    void awaits(String text) {
        await("a message with " + text).atMost(Duration.ofSeconds(30)).until(() -> count(text) > 0);
    }

    void forget() {
        heard.clear();
    }

    @Override
    public void close() {
        listener.destroyForcibly();
    }
}
