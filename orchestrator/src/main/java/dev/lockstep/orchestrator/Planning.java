package dev.lockstep.orchestrator;

import dev.lockstep.podman.ResolvedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an upgrade would fetch, as far as that can be told while nothing is fetched. Changes nothing. */
final class Planning {
    private final Host host;

    Planning(Host host) {
        this.host = host;
    }

    /**
     * Plans the way to a target: its own tree, and what it binds if a binding record tells.
     *
     * @param deployments in boot order
     */
    Reports.Plan plan(ResolvedTarget target, List<Deployment> deployments) throws LockstepException {
        Optional<Deployment> deployed = deployments.stream()
                .filter(deployment -> Upgrades.isFrom(deployment, target))
                .findFirst();
        List<ResolvedImage> images = new ArrayList<>();
        List<String> notCounted = new ArrayList<>();
        long more = 0;
        TreeToFetch tree = deployed.isPresent() ? new TreeToFetch.Nothing() : host.deployments.toFetch(target);
        switch (tree) {
            case TreeToFetch.Nothing ignored -> {}
            case TreeToFetch.Image system -> images.add(system.image());
            case TreeToFetch.Commit commit -> {
                more = commit.bytes().orElse(0);
                if (commit.bytes().isEmpty()) {
                    notCounted.add("the commit, which does not tell its size");
                }
            }
        }
        Optional<BindingRecord> record = record(target, deployments, deployed);
        if (record.isEmpty()) {
            notCounted.add("the images that it binds, which are known once it is staged");
        } else {
            for (BindingRecord.Bound bound : record.get().images()) {
                bound.resolved()
                        .ifPresentOrElse(
                                images::add, () -> notCounted.add(bound.reference() + ", which is not resolved yet"));
            }
        }
        Progress.Plan plan = host.keeper.plan(images);
        return new Reports.Plan(
                plan.images(),
                plan.present(),
                plan.layers(),
                plan.fetch() + more,
                plan.need() + more,
                plan.free(),
                notCounted);
    }

    /** The record of a deployment of the target, or of the open transaction to it once that has read its tree. */
    private Optional<BindingRecord> record(
            ResolvedTarget target, List<Deployment> deployments, Optional<Deployment> deployed)
            throws LockstepException {
        List<BindingRecord> records = host.records.load().records();
        if (deployed.isPresent()) {
            return records.stream()
                    .filter(record -> record.describes(deployed.get()))
                    .findFirst();
        }
        return Recovery.plan(records, deployments)
                .open()
                .filter(open -> Upgrades.leadsTo(open, target))
                .filter(open -> open.state() == BindingRecord.State.READY
                        || !open.images().isEmpty());
    }
}
