package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.Lint;
import dev.lockstep.manifest.Problem;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.gate.Fingerprint;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.podman.ResolvedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The road from A to B. Each step writes what it found into the binding record before the next one begins, so that a killed transaction goes
 * on where it was; no step undoes anything when it fails, since nothing before the last one can boot.
 */
final class Transaction {
    private final Deployments deployments;
    private final ImageKeeper keeper;
    private final BindingRecords records;
    private final Progress progress;
    private final StagedChecks checks;
    private BindingRecord record;
    private Set<String> lookedAt = Set.of();

    Transaction(
            BindingRecord record,
            Deployments deployments,
            ImageKeeper keeper,
            BindingRecords records,
            StagedChecks checks,
            Progress progress) {
        this.record = record;
        this.deployments = deployments;
        this.keeper = keeper;
        this.records = records;
        this.checks = checks;
        this.progress = progress;
    }

    /** The record as it is on disk. */
    BindingRecord record() {
        return record;
    }

    /**
     * Everything up to READY: B is staged and cannot boot, and every image it waits for is whole, pinned and durable.
     *
     * @param target what the record's target means
     * @param keepDigests whether references that were resolved before keep their digests
     */
    Staged prepare(ResolvedTarget target, boolean keepDigests) throws LockstepException {
        TargetAccess access = new TargetAccess(record.tlsVerify());
        save(record.resolvedTo(target.digest()));
        progress.step(Progress.Step.STAGE, target.target() + " " + target.digest());
        Staged staged = deployments.stage(target, access, record.origin());
        // The history has no line for it: a killed run shows how far it got by its record.
        progress.event(
                Occurrence.of(Event.STAGED, record.staged(staged), staged.tree() + " can be read and cannot boot"));
        return prepare(staged, keepDigests);
    }

    /** The same for a tree that is staged. */
    Staged prepare(Staged staged, boolean keepDigests) throws LockstepException {
        save(record.staged(staged));
        try (RootTree root = deployments.root(staged)) {
            List<BoundImage> bound = read(root);
            lookedAt = root.lookedAt();
            List<ImageKeeper.Wanted> images = resolve(bound, root, keepDigests);
            progress.step(Progress.Step.PULL, count(images.size()));
            List<ResolvedImage> here = keeper.fetch(images, root::copyOut);
            pin(here);
            checks.run(deployments.inside(staged), StagedChecks.of(root));
            confirm(here);
        } catch (IOException e) {
            throw Failures.sysroot("close the tree", staged.tree(), e);
        }
        return staged;
    }

    /** What is staged is to be committed whatever its images are; what it binds is noted as far as it can be read. */
    void force(Staged staged, GatePass.Forced decision) throws LockstepException {
        save(record.staged(staged));
        try (RootTree root = deployments.root(staged)) {
            List<BindingRecord.Bound> bound = new ArrayList<>();
            Map<ImageReference, ResolvedImage> known = known();
            for (BoundImage image : BoundImages.of(root).images()) {
                bound.add(new BindingRecord.Bound(
                        image.reference(), image.mode(), Optional.ofNullable(known.get(image.reference()))));
            }
            lookedAt = root.lookedAt();
            save(record.binding(bound).forcedBy(decision));
        } catch (IOException e) {
            throw Failures.sysroot("read the tree", staged.tree(), e);
        }
    }

    private List<BoundImage> read(RootTree root) throws LockstepException {
        progress.step(Progress.Step.READ, "what the new root binds");
        BoundImages bound = BoundImages.of(root);
        bound.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.WARNING)
                .forEach(problem -> progress.warning(problem.toString()));
        if (bound.failed()) {
            List<String> errors = bound.problems().stream()
                    .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                    .map(Problem::toString)
                    .toList();
            throw new LockstepException(
                    ErrorCode.BOUND_IMAGES_INVALID,
                    "what " + record.target() + " binds has " + errors.size()
                            + (errors.size() == 1 ? " mistake:\n  " : " mistakes:\n  ") + String.join("\n  ", errors),
                    "correct the image; 'lockstep images list --root DIR' shows the same list when it is built");
        }
        if (deployments.commitsAtShutdown()) {
            requireVisible(root);
        }
        return bound.images();
    }

    /** On the host that runs them, units must look into the store where their images are brought. */
    private void requireVisible(RootTree root) throws LockstepException {
        List<String> unseen =
                Lint.of(root).notVisible().stream().map(Problem::toString).toList();
        if (!unseen.isEmpty()) {
            throw new LockstepException(
                    ErrorCode.STORE_NOT_VISIBLE,
                    "units of " + record.target() + " would not find their images:\n  " + String.join("\n  ", unseen),
                    "correct the image; 'lockstep lint --root DIR' shows the same when it is built");
        }
    }

    private List<ImageKeeper.Wanted> resolve(List<BoundImage> images, RootTree root, boolean keepDigests)
            throws LockstepException {
        progress.step(Progress.Step.RESOLVE, count(images.size()));
        Map<ImageReference, ResolvedImage> known = keepDigests ? known() : Map.of();
        List<BindingRecord.Bound> bound = new ArrayList<>();
        List<ImageKeeper.Wanted> wanted = new ArrayList<>();
        List<LockstepException> failures = new ArrayList<>();
        for (Resolution.Answer answer : keeper.resolve(images, known, root::copyOut)) {
            BoundImage image = answer.image();
            if (answer.failure().isPresent()) {
                Resolution.note(image, answer.failure().get(), progress, failures);
            }
            bound.add(new BindingRecord.Bound(image.reference(), image.mode(), answer.resolved()));
            answer.resolved().ifPresent(digests -> wanted.add(new ImageKeeper.Wanted(image, digests)));
        }
        save(record.binding(bound));
        if (!failures.isEmpty()) {
            throw Failures.together(failures, "cannot be resolved");
        }
        return wanted;
    }

    private Map<ImageReference, ResolvedImage> known() {
        Map<ImageReference, ResolvedImage> known = new HashMap<>();
        for (BindingRecord.Bound bound : record.images()) {
            bound.resolved().ifPresent(resolved -> known.put(bound.reference(), resolved));
        }
        return known;
    }

    private void pin(List<ResolvedImage> images) throws LockstepException {
        progress.step(Progress.Step.PIN, count(images.size()));
        keeper.pin(record.transaction(), images);
    }

    private void confirm(List<ResolvedImage> images) throws LockstepException {
        progress.step(Progress.Step.CONFIRM, count(images.size()));
        keeper.confirmDurable(images);
        save(record.ready());
    }

    /**
     * The commit: what is READY is looked at once more, then B becomes the default entry, or will with the next shutdown.
     *
     * @throws LockstepException CHANGED_MEANWHILE when what boots next is not what it was when the transaction looked first
     */
    Deployment commit(Staged staged, List<Deployment> before) throws LockstepException {
        progress.step(Progress.Step.COMMIT, "letting the new deployment boot");
        List<String> seen = before.stream().map(Deployment::id).toList();
        if (!deployments.observe().stream().map(Deployment::id).toList().equals(seen)) {
            throw new LockstepException(
                    ErrorCode.CHANGED_MEANWHILE,
                    "another program changed the deployments while images were fetched",
                    "look at 'lockstep status', then run 'lockstep retry'");
        }
        // Taken before the tree is read again: what changes after that is seen by the gate.
        List<Fingerprint> etc = deployments.commitsAtShutdown() ? EtcMarks.of(lookedAt) : List.of();
        Map<String, String> units = requireUnchanged(staged);
        if (record.forced().isEmpty()) {
            keeper.requirePresent(record.needed());
        }
        Confirmed confirmed = new Confirmed(
                record.transaction(),
                record.origin(),
                etc,
                record.forced().isEmpty() ? keeper.stored(record.needed()) : List.of(),
                units,
                record.forced());
        Deployment made = deployments.commit(staged, confirmed);
        // What takes effect at a shutdown is seen to have done so at the next boot.
        if (!deployments.commitsAtShutdown()) {
            save(record.committedAs(made));
        }
        return made;
    }

    /** The staged tree still binds what was confirmed; what its units need before they start. */
    private Map<String, String> requireUnchanged(Staged staged) throws LockstepException {
        try (RootTree root = deployments.root(staged)) {
            BoundImages bound = BoundImages.of(root);
            if (deployments.commitsAtShutdown() && record.forced().isEmpty()) {
                requireVisible(root);
            }
            List<ImageReference> now =
                    bound.images().stream().map(BoundImage::reference).toList();
            List<ImageReference> confirmed =
                    record.images().stream().map(BindingRecord.Bound::reference).toList();
            if (!now.equals(confirmed) || !root.lookedAt().equals(lookedAt)) {
                throw new LockstepException(
                        ErrorCode.CHANGED_MEANWHILE,
                        "the staged tree " + staged.tree() + " no longer binds the images that were confirmed",
                        "run 'lockstep abort', then 'lockstep upgrade'");
            }
            return deployments.commitsAtShutdown() ? BootUnits.of(root, bound.images()) : Map.of();
        } catch (IOException e) {
            throw Failures.sysroot("read the tree", staged.tree(), e);
        }
    }

    private void save(BindingRecord next) throws LockstepException {
        records.write(next);
        record = next;
    }

    private static String count(int images) {
        return images + (images == 1 ? " image" : " images");
    }
}
