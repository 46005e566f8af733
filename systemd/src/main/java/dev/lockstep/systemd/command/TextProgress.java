package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Progress;
import dev.lockstep.podman.PullPlan;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Progress for a person: a line a step, and below it what is being done to which image. On a live terminal that line is written over, and
 * while bytes come it is a bar.
 */
final class TextProgress extends Progress.Silent {
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final String INDENT = "         ";

    private final Terminal terminal;
    private final TransferLine transfers;
    private boolean open;

    TextProgress(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.transfers = new TransferLine(clock);
    }

    @Override
    public void step(Step step, String detail) {
        closeLine();
        transfers.restart();
        line(String.format(Locale.ROOT, "%-8s %s", step.label(), detail));
    }

    @Override
    public void image(int number, int total, String reference, String what) {
        String text = String.format(Locale.ROOT, INDENT + "%d/%d %s: %s", number, total, reference, what);
        if (terminal.live()) {
            over(text);
        } else {
            line(text);
        }
    }

    @Override
    public void warning(String text) {
        closeLine();
        line("warning: " + text);
    }

    @Override
    public void plan(Plan plan) {
        closeLine();
        line(INDENT
                + PullPlan.text(plan.images(), plan.present(), plan.layers(), plan.fetch(), plan.need(), plan.free()));
    }

    /** Only where it can be written over: a log has a line when an image begins. */
    @Override
    public void transfer(Transfer transfer) {
        if (terminal.live()) {
            over(transfers.text(transfer, terminal.columns()));
        }
    }

    /** Cut to the terminal's width, since a line that is wrapped cannot be written over. */
    private void over(String text) {
        int width = Math.max(1, terminal.columns() - 1);
        terminal.err().print(ERASE_LINE + (text.length() <= width ? text : text.substring(0, width)));
        terminal.err().flush();
        open = true;
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
