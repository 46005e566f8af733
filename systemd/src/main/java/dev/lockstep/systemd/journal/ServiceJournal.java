package dev.lockstep.systemd.journal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a service tells what happens. How much of it, and where to, may be changed while it runs. At first that is the journal of the booted
 * host, for the service of that host, or else standard error; {@link Journaling} says what the environment has to do with it.
 */
public final class ServiceJournal implements Journal {
    private final Optional<Journal> journald;
    private final Journal console;
    private volatile Priority least;
    private volatile Place place;

    /** Where entries go. */
    public enum Place {
        /** journald's own socket. */
        JOURNAL,
        /** Lines on standard error. */
        CONSOLE,
        /** Nowhere. */
        NULL;

        /** As systemd calls it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ServiceJournal(Optional<Journal> journald, Journal console, Priority least) {
        this.journald = journald;
        this.console = console;
        this.least = least;
        this.place = usual();
    }

    /**
     * Opens what there is.
     *
     * @param booted whether the service is the booted host's
     * @param environment of this process
     * @param err standard error
     */
    public static ServiceJournal open(boolean booted, Map<String, String> environment, PrintWriter err) {
        boolean read = environment.containsKey("JOURNAL_STREAM") || environment.containsKey("INVOCATION_ID");
        Optional<Journal> journald = Journaling.socket(booted, environment)
                .map(path -> new NativeJournal(path, Priority.DEBUG, text -> err.println("lockstepd: " + text)));
        Journal console = entry -> err.println(read ? entry.line() : entry.text());
        Priority least = Journaling.least(environment, text -> err.println("lockstepd: " + text));
        return new ServiceJournal(journald, console, least);
    }

    /** Where entries go unless somebody wants them elsewhere. */
    public Place usual() {
        return journald.isPresent() ? Place.JOURNAL : Place.CONSOLE;
    }

    /** What matters less is not written. */
    public Priority least() {
        return least;
    }

    /** From now on. */
    public void least(Priority wanted) {
        least = wanted;
    }

    /** Where entries go. */
    public Place place() {
        return place;
    }

    /**
     * From now on.
     *
     * @return false when there is no journal here; then nothing has changed
     */
    public boolean place(Place wanted) {
        if (wanted == Place.JOURNAL && journald.isEmpty()) {
            return false;
        }
        place = wanted;
        return true;
    }

    @Override
    public void write(JournalEntry entry) {
        if (!entry.priority().isAtLeast(least)) {
            return;
        }
        switch (place) {
            case JOURNAL -> journald.ifPresent(journal -> journal.write(entry));
            case CONSOLE -> console.write(entry);
            case NULL -> {}
        }
    }
}
