package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.journal.Logging;
import dev.lockstep.systemd.journal.ServiceJournal;
import dev.lockstep.systemd.notify.Notify;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import jnr.constants.platform.Signal;
import jnr.posix.POSIXFactory;
import picocli.CommandLine;

/**
 * Starts the service. SIGTERM stops the running transaction between two durable states, and then the daemon; SIGHUP reads the configuration
 * again. Exit status: 0 without work, 1 when it cannot serve, 2 for a wrong command line.
 */
public final class Lockstepd {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Lockstepd() {}

    /**
     * Runs the service until it has no work, or is stopped.
     *
     * @param arguments the words after the program's name
     */
    public static void main(String[] arguments) {
        DaemonOptions options = new DaemonOptions();
        CommandLine line = new CommandLine(options);
        try {
            CommandLine.ParseResult words = line.parseArgs(arguments);
            if (CommandLine.printHelpIfRequested(words)) {
                return;
            }
        } catch (CommandLine.ParameterException e) {
            System.err.println("lockstepd: " + e.getMessage() + "\n  next:  see 'lockstepd --help'");
            System.exit(2);
        }
        System.exit(serve(options));
    }

    private static int serve(DaemonOptions options) {
        String address = BusNames.address(Optional.ofNullable(options.bus), System.getenv());
        try {
            boolean booted = Layout.meansBooted(options.where().sysroot());
            PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
            Logging logging = Logging.to(ServiceJournal.open(booted, System.getenv(), err));
            Daemon daemon =
                    Daemon.open(options.where(), address, Notify.of(System.getenv()), options.idleTime(), logging);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon), "stop"));
            POSIXFactory.getJavaPOSIX().signal(Signal.SIGHUP, number -> daemon.reload());
            daemon.begin();
            daemon.run();
            return 0;
        } catch (LockstepException e) {
            System.err.println("lockstepd: " + e.code() + ": " + e.getMessage() + "\n  next:  " + e.hint());
        } catch (IOException e) {
            System.err.println("lockstepd: " + address + ": " + e.getMessage()
                    + "\n  next:  see whether the message bus runs, and lets root own " + BusNames.SERVICE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private static void stop(Daemon daemon) {
        try {
            daemon.stop(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
