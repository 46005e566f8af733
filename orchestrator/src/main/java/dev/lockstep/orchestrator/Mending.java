package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.ResolvedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Verifies and mends the images of deployments that are there already. */
final class Mending {
    private final Host host;

    Mending(Host host) {
        this.host = host;
    }

    /** A deployment to roll back to is mended as well as it can be; that it cannot be holds nothing. */
    void ensureWholeIfPossible(Reconciliation.Observed observed, Deployment older) throws LockstepException {
        if (observed.recordOf(older).isEmpty()) {
            return;
        }
        try {
            ensureWhole(observed, older);
        } catch (LockstepException e) {
            if (e.code() == ErrorCode.CANCELLED) {
                throw e;
            }
            host.progress.warning(older.shortName() + ", which can be rolled back to: " + e.getMessage());
        }
    }

    /** Verifies and mends what a deployment binds; one without a record gets one. */
    BindingRecord ensureWhole(Reconciliation.Observed observed, Deployment deployment) throws LockstepException {
        try (RootTree root = host.deployments.root(deployment)) {
            BoundImages bound = BoundImages.of(root);
            Optional<BindingRecord> known = observed.recordOf(deployment);
            BindingRecord record =
                    known.isPresent() ? known.get() : recordFor(observed, deployment, bound.images(), root);
            host.progress.transaction(record.transaction());
            host.progress.step(Progress.Step.PULL, record.images().size() + " images");
            List<ResolvedImage> images = host.keeper.fetch(wanted(record, bound.images()), root::copyOut);
            host.progress.step(Progress.Step.PIN, images.size() + " images");
            host.keeper.pin(record.transaction(), images);
            host.progress.step(Progress.Step.CONFIRM, images.size() + " images");
            host.keeper.confirmDurable(images);
            if (known.isEmpty()) {
                host.records.write(record);
            }
            if (host.deployments.commitsAtShutdown()) {
                host.copies.write(record);
                host.deployments.prepareBoot(deployment, BootUnits.of(root, bound.images()));
            }
            if (host.keeper.repaired() + host.keeper.fetched() > 0) {
                host.events.note(Occurrence.of(
                        Event.REPAIRED,
                        record,
                        host.keeper.fetched() + " images fetched, " + host.keeper.repaired() + " mended"));
            }
            return record;
        } catch (IOException e) {
            throw Failures.sysroot("close the tree", deployment.root(), e);
        }
    }

    private BindingRecord recordFor(
            Reconciliation.Observed observed, Deployment deployment, List<BoundImage> images, RootTree root)
            throws LockstepException {
        // A host that was installed with its images needs no registry for its first record.
        boolean isFirst = observed.deployments().stream()
                .allMatch(other -> observed.recordOf(other).isEmpty());
        Map<ImageReference, ResolvedImage> meanings = isFirst ? host.pulled.meanings() : Map.of();
        List<BindingRecord.Bound> bound = new ArrayList<>();
        for (Resolution.Answer answer : host.keeper.resolve(images, meanings, root::copyOut)) {
            if (answer.failure().isPresent()) {
                throw answer.failure().get();
            }
            bound.add(new BindingRecord.Bound(
                    answer.image().reference(), answer.image().mode(), answer.resolved()));
        }
        return BindingRecord.begin(
                        deployment
                                .origin()
                                .transaction()
                                .orElseGet(() -> UUID.randomUUID().toString()),
                        host.clock.instant(),
                        new Target.OstreeRef(deployment.checksum()),
                        Optional.empty(),
                        Intent.COMMIT)
                .binding(bound)
                .committedAs(deployment);
    }

    /** A record's images with the pull options that the tree gives them. */
    static List<ImageKeeper.Wanted> wanted(BindingRecord record, List<BoundImage> tree) {
        Map<ImageReference, BoundImage> options = new HashMap<>();
        tree.forEach(image -> options.put(image.reference(), image));
        List<ImageKeeper.Wanted> wanted = new ArrayList<>();
        for (BindingRecord.Bound bound : record.images()) {
            BoundImage image = options.getOrDefault(
                    bound.reference(), new BoundImage(bound.reference(), bound.mode(), PullOptions.DEFAULT, List.of()));
            bound.resolved().ifPresent(resolved -> wanted.add(new ImageKeeper.Wanted(image, resolved)));
        }
        return wanted;
    }
}
