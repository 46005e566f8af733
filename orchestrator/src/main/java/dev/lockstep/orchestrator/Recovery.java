package dev.lockstep.orchestrator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a crash left behind, told from what can be observed: binding records and the deployments that boot loader entries lead to. A
 * deployment names the transaction that made it in its origin.
 */
final class Recovery {

    private Recovery() {}

    /**
     * What is to be done.
     *
     * @param accepted records whose deployment was made: they are committed, whatever killed the process that made it
     * @param open the transaction to go on with or to give up
     * @param superseded other open transactions, older than that; they are given up
     * @param unrecorded deployments that no record describes: made by other programs, or finalized by hand before their images were confirmed
     */
    record Plan(
            List<Accepted> accepted,
            Optional<BindingRecord> open,
            List<BindingRecord> superseded,
            List<Deployment> unrecorded) {}

    /** A record and the deployment that was made for it. */
    record Accepted(BindingRecord record, Deployment deployment) {}

    /** Decides; changes nothing. */
    static Plan plan(List<BindingRecord> records, List<Deployment> deployments) {
        List<Accepted> accepted = new ArrayList<>();
        List<BindingRecord> open = new ArrayList<>();
        Set<String> described = new HashSet<>();
        for (BindingRecord record : records) {
            Optional<Deployment> made =
                    deployments.stream().filter(record::isFor).findFirst();
            if (record.isOpen() && made.isEmpty()) {
                open.add(record);
            } else if (record.state() == BindingRecord.State.READY) {
                made.ifPresent(deployment -> accepted.add(new Accepted(record, deployment)));
            }
            deployments.stream().filter(record::describes).map(Deployment::id).forEach(described::add);
        }
        int newest = open.size() - 1;
        return new Plan(
                List.copyOf(accepted),
                open.isEmpty() ? Optional.empty() : Optional.of(open.get(newest)),
                open.isEmpty() ? List.of() : List.copyOf(open.subList(0, newest)),
                deployments.stream()
                        .filter(deployment -> !described.contains(deployment.id()))
                        .toList());
    }
}
