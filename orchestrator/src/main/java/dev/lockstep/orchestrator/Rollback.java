package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.ResolvedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Back to A: its images are confirmed anew before it becomes the default entry. */
final class Rollback {
    private final Host host;
    private final Reconciliation reconciliation;
    private final Outcomes outcomes;

    Rollback(Host host, Reconciliation reconciliation, Outcomes outcomes) {
        this.host = host;
        this.reconciliation = reconciliation;
        this.outcomes = outcomes;
    }

    /** The former deployment boots next again. */
    Reports.Outcome run() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        if (observed.deployments().size() < 2) {
            throw new LockstepException(
                    ErrorCode.NO_ROLLBACK,
                    "there is no former deployment to roll back to",
                    "look at 'lockstep status'");
        }
        if (observed.open().isPresent()) {
            reconciliation.giveUp(observed.open().get(), observed.deployments());
        }
        Deployment current = observed.deployments().get(0);
        Deployment former = observed.deployments().get(1);
        if (!host.deployments.rollbackRedeploys()) {
            return toItself(observed, current, former);
        }
        BindingRecord old = observed.recordOf(former)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.NO_RECORD,
                        "no binding record says which images " + former.shortName() + " had",
                        "upgrade to its image or commit instead; its references are then resolved anew"));
        BindingRecord confirmed = confirmAnew(old, former);
        Deployment made = host.deployments.rollback(former, confirmed.origin());
        host.records.write(confirmed.committedAs(made));
        return done(confirmed, current, made);
    }

    private Reports.Outcome done(BindingRecord record, Deployment current, Deployment made) throws LockstepException {
        host.events.note(Occurrence.of(
                        Event.ROLLED_BACK,
                        record,
                        made.shortName() + " boots next, before it was " + current.shortName())
                .on(made.id()));
        return outcomes.of(
                Reports.Result.ROLLED_BACK,
                "Back to A: " + made.shortName() + " boots next. " + current.shortName() + " is kept.",
                record,
                Optional.of(current.shortName()),
                Optional.of(made.shortName()),
                List.of(host.deployments.rollbackNote(), "Tags follow when it boots, or with 'lockstep bind'."));
    }

    /** The former deployment is there as it was: its images are confirmed under its own record. */
    private Reports.Outcome toItself(Reconciliation.Observed observed, Deployment current, Deployment former)
            throws LockstepException {
        BindingRecord record = new Mending(host).ensureWhole(observed, former);
        host.progress.step(Progress.Step.COMMIT, "making the former deployment the default");
        Deployment made = host.deployments.rollback(former, record.origin());
        noteTrials(observed, current, record);
        return done(record, current, made);
    }

    /** Going back from what runs counts against it, and what was gone back from may prove itself once more. */
    private void noteTrials(Reconciliation.Observed observed, Deployment current, BindingRecord former)
            throws LockstepException {
        Optional<BindingRecord> left = observed.recordOf(current);
        boolean runs = host.deployments
                .booted()
                .filter(booted -> booted.id().equals(current.id()))
                .isPresent();
        if (runs && left.isPresent()) {
            host.records.write(left.get().tried(Trial.ROLLED_BACK));
        }
        if (former.trial().isSetback()) {
            host.records.write(former.tried(Trial.awaited(Optional.of(host.bootId()))));
        }
    }

    /** A's record copied for the deployment to come, its images confirmed and pinned anew. */
    private BindingRecord confirmAnew(BindingRecord old, Deployment former) throws LockstepException {
        BindingRecord record = new BindingRecord(
                UUID.randomUUID().toString(),
                BindingRecord.State.OPEN,
                host.clock.instant(),
                old.target(),
                old.tlsVerify(),
                old.targetDigest(),
                Optional.of(former.checksum()),
                OptionalInt.empty(),
                old.images(),
                Intent.COMMIT,
                Trial.SETTLED);
        host.records.write(record);
        host.progress.transaction(record.transaction());
        try (RootTree root = host.deployments.root(former)) {
            host.progress.step(Progress.Step.PULL, record.images().size() + " images");
            List<ResolvedImage> images = host.keeper.fetch(
                    Mending.wanted(record, BoundImages.of(root).images()), root::copyOut);
            host.progress.step(Progress.Step.PIN, images.size() + " images");
            host.keeper.pin(record.transaction(), images);
            host.progress.step(Progress.Step.CONFIRM, images.size() + " images");
            host.keeper.confirmDurable(images);
        } catch (IOException e) {
            throw Failures.sysroot("close the tree", former.root(), e);
        }
        BindingRecord ready = record.ready();
        host.records.write(ready);
        host.progress.step(Progress.Step.COMMIT, "writing the boot loader entry");
        return ready;
    }
}
