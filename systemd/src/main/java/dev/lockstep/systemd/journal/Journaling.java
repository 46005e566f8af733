package dev.lockstep.systemd.journal;

import dev.lockstep.orchestrator.Progress;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where this process tells what happens: the journal of the booted host for changes of that host, and of no other sysroot; lines on standard
 * error where a service has no journal.
 *
 * <p>The environment decides: {@code LOCKSTEP_JOURNAL_SOCKET} names a socket to be used whatever the sysroot is, or none when it is empty;
 * {@code LOCKSTEP_LOG} is the least priority that is written: err, warning, notice, info (the default), debug.
 */
public final class Journaling implements AutoCloseable {
    private static final String SOCKET = "/run/systemd/journal/socket";

    private final Journal journal;
    private final boolean warnings;

    private Journaling(Journal journal, boolean warnings) {
        this.journal = journal;
        this.warnings = warnings;
    }

    /**
     * Opens what there is.
     *
     * @param booted whether the sysroot that is worked on is the one that this host was booted from
     * @param environment of this process
     * @param err standard error
     */
    public static Journaling open(boolean booted, Map<String, String> environment, PrintWriter err) {
        Consumer<String> told = text -> err.println("lockstep: " + text);
        Priority least = least(environment, told);
        boolean kept = environment.containsKey("JOURNAL_STREAM");
        Optional<String> socket = socket(booted, environment);
        if (socket.isPresent()) {
            return new Journaling(new NativeJournal(socket.get(), least, told), !kept);
        }
        // Where no service manager started it, a person watches, and progress says it all.
        boolean service = booted && environment.containsKey("INVOCATION_ID");
        return new Journaling(service ? new LineJournal(least, err::println) : Journal.NONE, false);
    }

    /** Goes on with a journal that is open, and stays open; warnings go there too. */
    public static Journaling over(ServiceJournal journal) {
        return new Journaling(journal, true);
    }

    static Optional<String> socket(boolean booted, Map<String, String> environment) {
        Optional<String> named = Optional.ofNullable(environment.get("LOCKSTEP_JOURNAL_SOCKET"));
        if (named.isPresent()) {
            return named.filter(path -> !path.isEmpty());
        }
        return booted && Files.exists(Path.of(SOCKET)) ? Optional.of(SOCKET) : Optional.empty();
    }

    static Priority least(Map<String, String> environment, Consumer<String> told) {
        String wanted = environment.getOrDefault("LOCKSTEP_LOG", "info");
        Optional<Priority> priority = Priority.named(wanted);
        if (priority.isEmpty()) {
            told.accept("LOCKSTEP_LOG=" + wanted + " is none of err, warning, notice, info, debug; info is used");
        }
        return priority.orElse(Priority.INFO);
    }

    /** Progress that is told here as well. */
    public Progress around(Progress progress) {
        return new JournalProgress(progress, journal, warnings);
    }

    /** The journal itself. */
    public Journal journal() {
        return journal;
    }

    @Override
    public void close() {
        journal.close();
    }
}
