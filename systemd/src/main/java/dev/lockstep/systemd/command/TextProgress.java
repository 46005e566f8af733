package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Progress;
import java.util.Locale;

/** Progress for a person: a line a step, and below it what is being done to which image; written over on a live terminal. */
final class TextProgress implements Progress {
    private static final String ERASE_LINE = "\r\u001b[K";

    private final Terminal terminal;
    private boolean open;

    TextProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void step(Step step, String detail) {
        closeLine();
        line(String.format(Locale.ROOT, "%-8s %s", step.label(), detail));
    }

    @Override
    public void image(int number, int total, String reference, String what) {
        String text = String.format(Locale.ROOT, "         %d/%d %s: %s", number, total, reference, what);
        if (terminal.live()) {
            terminal.err().print(ERASE_LINE + text);
            terminal.err().flush();
            open = true;
        } else {
            line(text);
        }
    }

    @Override
    public void warning(String text) {
        closeLine();
        line("warning: " + text);
    }

    private void closeLine() {
        if (open) {
            terminal.err().print(ERASE_LINE);
            open = false;
        }
    }

    private void line(String text) {
        terminal.err().println(text);
    }
}
