package dev.lockstep.systemd.command;

import dev.lockstep.podman.disk.Posix;
import java.io.PrintWriter;
import java.util.function.IntSupplier;

/**
 * Where a command writes.
 *
 * @param out answers
 * @param err progress and errors
 * @param live whether a person watches, so that lines may be written over
 * @param width asks how wide the terminal is now, in columns
 */
record Terminal(PrintWriter out, PrintWriter err, boolean live, IntSupplier width) {
    private static final int STANDARD_ERROR = 2;
    private static final int USUAL_WIDTH = 80;

    /** As wide as the terminal of standard error is. */
    Terminal(PrintWriter out, PrintWriter err, boolean live) {
        this(out, err, live, () -> Posix.columns(STANDARD_ERROR).orElse(USUAL_WIDTH));
    }

    /** How wide it is now; a person may have changed it. */
    int columns() {
        return width.getAsInt();
    }
}
