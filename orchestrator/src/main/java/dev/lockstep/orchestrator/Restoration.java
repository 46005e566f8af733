package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.StoreLink;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes what is in use whole again: its images fetched or mended, its tags bound, and what waited for them started. */
final class Restoration {
    private final Host host;
    private final Reconciliation reconciliation;
    private final Outcomes outcomes;

    Restoration(Host host, Reconciliation reconciliation, Outcomes outcomes) {
        this.host = host;
        this.reconciliation = reconciliation;
        this.outcomes = outcomes;
    }

    Reports.Outcome run() throws LockstepException {
        Optional<Path> aside = setAsideGarbled();
        Reports.Outcome outcome = restore();
        if (aside.isPresent()) {
            remove(aside.get());
        }
        return outcome;
    }

    /** A store whose lists cannot be read is of no use to anybody; what it held is fetched into a new one. */
    private Optional<Path> setAsideGarbled() throws LockstepException {
        Path store = host.layout.store().directory();
        Optional<String> damage = new StoreLink(host.layout.runtime(), store).damage();
        if (damage.isEmpty() || Files.notExists(store)) {
            return Optional.empty();
        }
        Path aside =
                store.resolveSibling("storage.garbled-" + host.clock.instant().getEpochSecond());
        try {
            DurableFiles.rename("store-aside", store, aside);
        } catch (IOException e) {
            throw Failures.state("set aside", store, e);
        }
        String text = damage.get() + "; the store is set aside as " + aside.getFileName()
                + " until its images are fetched anew";
        host.progress.warning(text);
        host.events.note(Occurrence.of(Event.RECOVERED, text));
        return Optional.of(aside);
    }

    private void remove(Path aside) throws LockstepException {
        try {
            DurableFiles.deleteTree("store-aside", aside);
        } catch (IOException e) {
            throw Failures.state("remove", aside, e);
        }
    }

    private Reports.Outcome restore() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        Optional<Deployment> booted = host.deployments.booted();
        Deployment used = booted.or(observed::current)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.NO_RECORD, "nothing is deployed yet", "begin with 'lockstep upgrade'"));
        Mending mending = new Mending(host);
        BindingRecord record = mending.ensureWhole(observed, used);
        for (Deployment other : observed.deployments()) {
            if (!other.id().equals(used.id())) {
                mending.ensureWholeIfPossible(observed, other);
            }
        }
        String name = used.shortName();
        if (booted.isEmpty()) {
            return outcomes.of(
                    Reports.Result.UNCHANGED,
                    "Whole: every image of " + name + ", which boots next, is here.",
                    record,
                    Optional.of(name),
                    Optional.of(name),
                    List.of());
        }
        Reports.Binding binding = new TagBinding(host).bind(reconciliation.run(), Optional.empty());
        List<String> started = host.deployments.startWaiting();
        return outcomes.of(
                Reports.Result.UNCHANGED,
                "Whole: every image of " + name + ", which is booted, is here, and its tags are bound.",
                record,
                Optional.of(name),
                Optional.of(name),
                List.of(
                        binding.changed() + " tags had meant something else.",
                        started.isEmpty()
                                ? "No unit had to be started."
                                : "Started: " + String.join(", ", started) + "."));
    }
}
