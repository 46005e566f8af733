package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.LeftOvers;
import dev.lockstep.podman.Podman;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Recovery carried out: with the engine's own lock held, so that no orphan of a killed run finishes behind our back, host and records are
 * observed, records are brought up to what is so, and left-overs are removed.
 */
final class Reconciliation {
    private final Host host;

    Reconciliation(Host host) {
        this.host = host;
    }

    /**
     * What is so after recovery.
     *
     * @param deployments in boot order
     * @param records all that are readable, brought up to date
     * @param open the transaction to go on with or to give up
     * @param accepted transactions whose deployment was found made, by a run that was interrupted before it noted so
     */
    record Observed(
            List<Deployment> deployments,
            List<BindingRecord> records,
            Optional<BindingRecord> open,
            List<Recovery.Accepted> accepted) {

        /** The record that tells what a deployment binds. */
        Optional<BindingRecord> recordOf(Deployment deployment) {
            return records.stream()
                    .filter(record -> record.describes(deployment))
                    .findFirst();
        }

        /** What boots next unless something that is staged does. */
        Optional<Deployment> current() {
            return deployments.stream().findFirst();
        }
    }

    Observed run() throws LockstepException {
        host.progress.step(Progress.Step.RECOVER, "looking at what is so");
        List<Deployment> deployments;
        List<Recovery.Accepted> accepted;
        try (Deployments.EngineLock ignored = host.deployments.lock()) {
            deployments = host.deployments.observe();
            setAsideBroken();
            rebuildLost(deployments);
            accepted = accept(deployments);
        }
        if (host.layout.isBooted()) {
            new GateNews(host).tell();
            new Closing(host).run(deployments);
        }
        giveUpSuperseded(deployments);
        removeLeftOvers();
        List<BindingRecord> records = host.records.load().records();
        Optional<BindingRecord> open = Recovery.plan(records, deployments).open();
        if (host.layout.isBooted()) {
            host.copies.keepOnly(deployments, open);
        }
        return new Observed(deployments, records, open, accepted);
    }

    private void setAsideBroken() throws LockstepException {
        for (Map.Entry<Path, String> broken : host.records.load().broken().entrySet()) {
            Path aside = host.records.setAside(broken.getKey());
            String text = "the binding record " + broken.getKey() + " is unreadable (" + broken.getValue()
                    + "); it is kept as " + aside.getFileName();
            host.progress.warning(text);
            host.events.note(Occurrence.of(Event.RECOVERED, text));
        }
    }

    /** Makes the records of deployments anew that lost theirs, from the pins in the store and the deployments' origins. */
    private void rebuildLost(List<Deployment> deployments) throws LockstepException {
        List<Deployment> lost =
                Recovery.plan(host.records.load().records(), deployments).unrecorded();
        if (lost.isEmpty()) {
            return;
        }
        if (host.layout.isBooted()) {
            lost = withoutCopies(lost);
        }
        if (lost.stream()
                .allMatch(deployment -> deployment.origin().transaction().isEmpty())) {
            return;
        }
        Map<String, List<Podman.Pin>> pins = pins().stream().collect(Collectors.groupingBy(Podman.Pin::transaction));
        for (Deployment deployment : lost) {
            if (deployment.origin().transaction().isEmpty()) {
                continue;
            }
            String transaction = deployment.origin().transaction().get();
            List<Podman.Pin> pinned = pins.getOrDefault(transaction, List.of());
            if (pinned.isEmpty()) {
                continue;
            }
            host.records.write(rebuilt(deployment, transaction, pinned));
            String text =
                    "the binding record of " + deployment.shortName() + " was rebuilt from " + pinned.size() + " pins";
            host.progress.warning(text);
            host.events.note(Occurrence.of(Event.RECOVERED, text)
                    .within(transaction)
                    .towards(deployment.origin().source())
                    .on(deployment.id()));
        }
    }

    /** Takes records back from their copies, and returns the deployments that have none. */
    private List<Deployment> withoutCopies(List<Deployment> lost) throws LockstepException {
        List<Deployment> left = new ArrayList<>();
        for (Deployment deployment : lost) {
            Optional<BindingRecord> copy = host.copies.read(deployment, host.progress);
            if (copy.isEmpty()) {
                left.add(deployment);
                continue;
            }
            host.records.write(copy.get().committedAs(deployment));
            String text = "the binding record of " + deployment.shortName() + " was lost and is taken from its copy";
            host.progress.warning(text);
            host.events.note(Occurrence.of(Event.RECOVERED, text)
                    .within(copy.get().transaction())
                    .towards(deployment.origin().source())
                    .on(deployment.id()));
        }
        return left;
    }

    private List<Podman.Pin> pins() throws LockstepException {
        try {
            return host.podman.pins();
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private BindingRecord rebuilt(Deployment deployment, String transaction, List<Podman.Pin> pins) {
        List<BindingRecord.Bound> images = new ArrayList<>();
        for (Podman.Pin pin : pins) {
            images.add(
                    new BindingRecord.Bound(pin.image().reference(), BoundImage.Mode.BIND, Optional.of(pin.image())));
        }
        Target target = deployment
                .origin()
                .source()
                .map(Target::parse)
                .orElseGet(() -> new Target.OstreeRef(deployment.checksum()));
        return new BindingRecord(
                transaction,
                BindingRecord.State.COMMITTED,
                host.clock.instant(),
                target,
                Optional.empty(),
                deployment.origin().digest(),
                Optional.of(deployment.checksum()),
                OptionalInt.of(deployment.serial()),
                images,
                Intent.COMMIT,
                Trial.SETTLED);
    }

    private List<Recovery.Accepted> accept(List<Deployment> deployments) throws LockstepException {
        List<Recovery.Accepted> made = new ArrayList<>();
        for (Recovery.Accepted accepted :
                Recovery.plan(host.records.load().records(), deployments).accepted()) {
            BindingRecord record = accepted.record().committedAs(accepted.deployment());
            if (host.deployments.commitsAtShutdown()) {
                // Its first boot is the next thing that is told of it.
                record = record.tried(trial(accepted.deployment()));
                host.records.write(record);
            } else {
                host.records.write(record);
                host.events.note(Occurrence.of(
                        Event.RECOVERED,
                        record,
                        "the entry of " + accepted.deployment().shortName()
                                + " had been written before the interruption"));
            }
            made.add(new Recovery.Accepted(record, accepted.deployment()));
        }
        return made;
    }

    private Trial trial(Deployment made) throws LockstepException {
        boolean runs = host.deployments
                .booted()
                .filter(booted -> booted.id().equals(made.id()))
                .isPresent();
        return Trial.awaited(
                runs || host.deployments.wasFinalizedBeforeBoot(made) ? Optional.empty() : Optional.of(host.bootId()));
    }

    private void giveUpSuperseded(List<Deployment> deployments) throws LockstepException {
        for (BindingRecord record :
                Recovery.plan(host.records.load().records(), deployments).superseded()) {
            giveUp(record, deployments);
        }
    }

    /**
     * Gives a transaction up: its staged tree, its pins, then its record. Images stay in the store until they are collected. A crash in the
     * middle leaves the record, and the next run goes on giving up or continues the transaction.
     */
    void giveUp(BindingRecord record, List<Deployment> deployments) throws LockstepException {
        if (record.checksum().isPresent()) {
            host.deployments.discard(record.checksum().get());
        }
        try {
            host.podman.unpin(record.transaction());
        } catch (ImageException e) {
            throw Failures.of(e);
        }
        host.records.delete(record);
        host.events.note(Occurrence.of(
                Event.ABORTED,
                record,
                deployments.isEmpty() ? "no deployment" : deployments.get(0).shortName() + " boots next, as before"));
    }

    private void removeLeftOvers() throws LockstepException {
        host.deployments.removeLeftOvers();
        try {
            LeftOvers.remove(host.layout.store(), host.layout.runtime());
        } catch (IOException e) {
            throw Failures.state("clean up", host.layout.state(), e);
        }
    }
}
