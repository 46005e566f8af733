package dev.lockstep.orchestrator;

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
        Reconciliation.Observed observed = reconciliation.run();
        Optional<Deployment> booted = host.deployments.booted();
        Deployment used = booted.or(observed::current)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.NO_RECORD, "nothing is deployed yet", "begin with 'lockstep upgrade'"));
        BindingRecord record = new Mending(host).ensureWhole(observed, used);
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
