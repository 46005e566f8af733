package dev.lockstep.orchestrator;

import java.util.List;
import java.util.Optional;

/**
 * The end of a transaction on a booted host: it is closed by what really booted, once that has reached boot-complete.target. Until then nothing is
 * decided.
 */
final class Closing {
    private final Host host;

    Closing(Host host) {
        this.host = host;
    }

    /** Settles the trials of this boot. Each record is replaced as a whole; a killed run leaves the rest to the next. */
    void run(List<Deployment> deployments) throws LockstepException {
        List<BindingRecord> unsettled = host.records.load().records().stream()
                .filter(record -> !record.isOpen() && record.trial().result() != Trial.Result.SETTLED)
                .toList();
        Optional<Deployment> booted = host.deployments.booted();
        if (unsettled.isEmpty() || booted.isEmpty() || !host.deployments.hasCompletedBoot()) {
            return;
        }
        Deployment runs = booted.get();
        boolean proved = false;
        for (BindingRecord record : unsettled) {
            if (record.describes(runs)) {
                proved = true;
                host.records.write(record.tried(Trial.SETTLED));
                host.events.note(
                        Occurrence.of(Event.BOOTED, record, runs.shortName() + " runs; the transaction is closed")
                                .on(runs.id()));
            }
        }
        for (BindingRecord record : unsettled) {
            if (record.trial().isAwaited() && !record.describes(runs)) {
                settleOther(record, deployments, runs, proved);
            }
        }
    }

    /** A host that has just gone forward did not fall back, whatever it ran in between. */
    private void settleOther(BindingRecord record, List<Deployment> deployments, Deployment runs, boolean proved)
            throws LockstepException {
        Optional<Deployment> made =
                deployments.stream().filter(record::describes).findFirst();
        if (proved || made.isEmpty()) {
            host.records.write(record.tried(Trial.SETTLED));
        } else if (!record.trial().since().equals(Optional.of(host.bootId()))) {
            host.records.write(record.tried(Trial.FELL_BACK));
            host.events.note(Occurrence.of(
                            Event.FELL_BACK,
                            record,
                            made.get().shortName() + " was to boot, and " + runs.shortName()
                                    + " runs; it is not tried again before 'lockstep retry'")
                    .on(made.get().id()));
        }
    }
}
