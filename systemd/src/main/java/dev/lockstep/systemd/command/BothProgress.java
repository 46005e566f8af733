package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Occurrence;
import dev.lockstep.orchestrator.Progress;

/** Tells two. */
record BothProgress(Progress first, Progress second) implements Progress {
    @Override
    public void step(Step step, String detail) {
        first.step(step, detail);
        second.step(step, detail);
    }

    @Override
    public void image(int number, int total, String reference, String what) {
        first.image(number, total, reference, what);
        second.image(number, total, reference, what);
    }

    @Override
    public void warning(String text) {
        first.warning(text);
        second.warning(text);
    }

    @Override
    public void transaction(String id) {
        first.transaction(id);
        second.transaction(id);
    }

    @Override
    public void event(Occurrence occurrence) {
        first.event(occurrence);
        second.event(occurrence);
    }

    @Override
    public void plan(Plan plan) {
        first.plan(plan);
        second.plan(plan);
    }

    @Override
    public void transfer(Transfer transfer) {
        first.transfer(transfer);
        second.transfer(transfer);
    }
}
