package dev.lockstep.orchestrator;

/** Lets one thread at a time tell another progress, so that this need not know how many fetch. */
final class SerialProgress implements Progress {
    private final Progress told;

    SerialProgress(Progress told) {
        this.told = told;
    }

    @Override
    public synchronized void step(Step step, String detail) {
        told.step(step, detail);
    }

    @Override
    public synchronized void image(int number, int total, String reference, String what) {
        told.image(number, total, reference, what);
    }

    @Override
    public synchronized void warning(String text) {
        told.warning(text);
    }

    @Override
    public synchronized void transaction(String id) {
        told.transaction(id);
    }

    @Override
    public synchronized void event(Occurrence occurrence) {
        told.event(occurrence);
    }

    @Override
    public synchronized void plan(Plan plan) {
        told.plan(plan);
    }

    @Override
    public synchronized void transfer(Transfer transfer) {
        told.transfer(transfer);
    }
}
