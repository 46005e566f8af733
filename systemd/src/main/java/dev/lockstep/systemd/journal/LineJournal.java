package dev.lockstep.systemd.journal;

import java.util.function.Consumer;

/** Where there is no journald: each entry is a readable line. */
final class LineJournal implements Journal {
    private final Priority least;
    private final Consumer<String> lines;

    LineJournal(Priority least, Consumer<String> lines) {
        this.least = least;
        this.lines = lines;
    }

    @Override
    public void write(JournalEntry entry) {
        if (entry.priority().isAtLeast(least)) {
            lines.accept(entry.line());
        }
    }
}
