package dev.lockstep.systemd.journal;

import dev.lockstep.orchestrator.Occurrence;
import dev.lockstep.orchestrator.Progress;
import java.util.Optional;

/** Writes events to the journal, and hands everything on to whoever else watches. */
final class JournalProgress implements Progress {
    private final Progress next;
    private final Journal journal;
    private final boolean warnings;
    private Optional<String> step = Optional.empty();
    private Optional<String> transaction = Optional.empty();

    /**
     * @param warnings whether warnings go to the journal too; they would be there twice where it keeps standard error
     */
    JournalProgress(Progress next, Journal journal, boolean warnings) {
        this.next = next;
        this.journal = journal;
        this.warnings = warnings;
    }

    @Override
    public void step(Step now, String detail) {
        step = Optional.of(now.label());
        journal.write(about(new JournalEntry(Priority.DEBUG, now.label() + ": " + detail)));
        next.step(now, detail);
    }

    @Override
    public void image(int number, int total, String reference, String what) {
        next.image(number, total, reference, what);
    }

    @Override
    public void warning(String text) {
        if (warnings) {
            journal.write(about(new JournalEntry(Priority.WARNING, text)));
        }
        next.warning(text);
    }

    @Override
    public void plan(Plan plan) {
        next.plan(plan);
    }

    @Override
    public void transfer(Transfer transfer) {
        next.transfer(transfer);
    }

    @Override
    public void transaction(String id) {
        transaction = Optional.of(id);
        next.transaction(id);
    }

    @Override
    public void event(Occurrence occurrence) {
        journal.write(Entries.of(occurrence, step, transaction));
        next.event(occurrence);
    }

    private JournalEntry about(JournalEntry entry) {
        return entry.with("LOCKSTEP_TRANSACTION", transaction).with("LOCKSTEP_STEP", step);
    }
}
