package dev.lockstep.systemd.command;

import dev.lockstep.podman.process.Cancellation;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one command. When the process is asked to stop, by SIGTERM or SIGINT, the command is told and waited for, so that it stops between two
 * durable states and says so; the exit status is then the signal's.
 */
@SuppressWarnings("SystemConsoleNull") // the annotated JDK of the null checker still lets it be null
public final class Main {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Main() {}

    /**
     * Runs a command line and exits with its status.
     *
     * @param arguments the words after the program's name
     */
    public static void main(String[] arguments) {
        // The command tells what matters itself; setting up loggers would only take time.
        System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        Cancellation cancellation = new Cancellation();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean stopping = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopping.set(true);
                            cancellation.request();
                            awaitQuietly(ended);
                        },
                        "stop"));
        int status;
        try {
            PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
            PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
            Terminal terminal = new Terminal(out, err, isWatched());
            status = LockstepCommand.run(arguments, terminal, cancellation);
            out.flush();
        } finally {
            ended.countDown();
        }
        if (!stopping.get()) {
            System.exit(status);
        }
    }

    private static boolean isWatched() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    private static void awaitQuietly(CountDownLatch ended) {
        try {
            if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("lockstep: the command did not stop in time; run 'lockstep status'");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
