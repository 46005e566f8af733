package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.Unneeded;
import dev.lockstep.podman.disk.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes from our store what no deployment needs any more: never while a transaction is open or something is staged, so that what would be
 * rolled back to is not touched before its successor has booted. What deployments need is told by their binding records, also when their trees
 * cannot be read; the tree of one that has no record is read, and as long as that fails nothing is removed. As long as no deployment has a record, what
 * {@code images pull} has brought stays as well.
 *
 * <p>Killed in the middle it leaves less to do for the next run: pins go before images, and records last.
 */
final class Collecting {
    private final Host host;

    Collecting(Host host) {
        this.host = host;
    }

    /**
     * What may go.
     *
     * @param blocked why nothing may, if so
     * @param unneeded images
     * @param records of deployments that are gone
     * @param live transactions whose pins stay
     */
    private record Plan(Optional<String> blocked, Unneeded unneeded, List<BindingRecord> records, Set<String> live) {

        static Plan blocked(String reason) {
            return new Plan(Optional.of(reason), new Unneeded(List.of(), 0, 0, 0), List.of(), Set.of());
        }
    }

    /** Tells what would be removed. Changes nothing. */
    Reports.Collection preview() throws LockstepException {
        return report(plan(host.records.load(), host.deployments.observe()), true);
    }

    /** Removes it. */
    Reports.Collection run(Reconciliation.Observed observed) throws LockstepException {
        // Recovery has set aside what was unreadable.
        Plan plan = plan(new BindingRecords.Loaded(observed.records(), Map.of()), observed.deployments());
        if (plan.blocked().isPresent()) {
            return report(plan, false);
        }
        try {
            Set<String> pinning =
                    host.podman.pins().stream().map(Podman.Pin::transaction).collect(Collectors.toSet());
            pinning.removeAll(plan.live());
            for (String transaction : pinning) {
                host.podman.unpin(transaction);
            }
            int number = 0;
            int total = plan.unneeded().images().size();
            for (Unneeded.Image image : plan.unneeded().images()) {
                number++;
                host.progress.image(number, total, name(image), "removing " + Sizes.text(image.bytes()));
                host.podman.remove(image.configDigest());
            }
        } catch (ImageException e) {
            throw Failures.of(e);
        }
        for (BindingRecord record : plan.records()) {
            host.records.delete(record);
        }
        if (!plan.live().isEmpty()) {
            // Some deployment's record says it now.
            host.pulled.delete();
        }
        Reports.Collection report = report(plan, false);
        if (!report.isNothing()) {
            host.events.note(Occurrence.of(Event.COLLECTED, report.summary()));
        }
        return report;
    }

    private Plan plan(BindingRecords.Loaded loaded, List<Deployment> deployments) throws LockstepException {
        Optional<Staging> staging = host.deployments.staging();
        if (staging.isPresent()) {
            return Plan.blocked(staging.get().deployment().shortName() + " is staged and has not booted");
        }
        Recovery.Plan recovery = Recovery.plan(loaded.records(), deployments);
        if (recovery.open().isPresent()) {
            return Plan.blocked("the transaction to " + recovery.open().get().target() + " is open");
        }
        if (!loaded.broken().isEmpty()) {
            return Plan.blocked("binding records are unreadable, the next command that changes something sees to them: "
                    + loaded.broken().keySet());
        }
        List<BindingRecord> needed = new ArrayList<>();
        List<BindingRecord> gone = new ArrayList<>();
        for (BindingRecord record : loaded.records()) {
            boolean alive = deployments.stream().anyMatch(record::isFor);
            (alive ? needed : gone).add(record);
        }
        List<ImageReference> references = new ArrayList<>();
        for (Deployment deployment : recovery.unrecorded()) {
            Optional<String> unreadable = addBound(deployment, references);
            if (unreadable.isPresent()) {
                return Plan.blocked(unreadable.get());
            }
        }
        return plan(needed, gone, references);
    }

    private Plan plan(List<BindingRecord> needed, List<BindingRecord> gone, List<ImageReference> references)
            throws LockstepException {
        Set<String> images = new HashSet<>();
        Set<String> live = new HashSet<>();
        for (BindingRecord record : needed) {
            live.add(record.transaction());
            record.images().stream()
                    .flatMap(bound -> bound.resolved().stream())
                    .map(ResolvedImage::configDigest)
                    .forEach(images::add);
        }
        if (needed.isEmpty()) {
            host.pulled.meanings().values().stream()
                    .map(ResolvedImage::configDigest)
                    .forEach(images::add);
        }
        try {
            Unneeded unneeded =
                    Unneeded.in(host.layout.store(), new Unneeded.Needs(images, references, host.layout.otherStores()));
            return new Plan(Optional.empty(), unneeded, gone, live);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** Adds what a deployment without a record binds, or says why that is not known. */
    private Optional<String> addBound(Deployment deployment, List<ImageReference> references) throws LockstepException {
        try (RootTree root = host.deployments.root(deployment)) {
            BoundImages bound = BoundImages.of(root);
            bound.images().stream().map(BoundImage::reference).forEach(references::add);
            return bound.failed()
                    ? Optional.of(deployment.shortName() + " has no binding record, and what it binds has mistakes")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(deployment.shortName() + " has no binding record, and its tree cannot be read: "
                    + Failures.reason(e));
        }
    }

    private static Reports.Collection report(Plan plan, boolean preview) {
        List<Reports.Collected> images = plan.unneeded().images().stream()
                .map(image -> new Reports.Collected(image.configDigest(), image.names(), image.bytes()))
                .toList();
        List<String> notes = plan.unneeded().looseLayers() == 0
                ? List.of()
                : List.of(plan.unneeded().looseLayers() + " layers of interrupted pulls, "
                        + Sizes.text(plan.unneeded().looseBytes()) + ", wait for the next pull that needs them.");
        return new Reports.Collection(
                preview,
                plan.blocked(),
                summary(plan, preview),
                images,
                plan.unneeded().kept(),
                plan.unneeded().bytes(),
                plan.records().size(),
                notes);
    }

    private static String summary(Plan plan, boolean preview) {
        if (plan.blocked().isPresent()) {
            return "Nothing is removed: " + plan.blocked().get() + ".";
        }
        int images = plan.unneeded().images().size();
        int kept = plan.unneeded().kept();
        if (images == 0 && plan.records().isEmpty()) {
            return "Nothing to remove: every image is needed (" + kept + ").";
        }
        return (preview ? "Would remove " : "Removed ") + images + (images == 1 ? " image, " : " images, ")
                + Sizes.text(plan.unneeded().bytes()) + ", that no deployment needs; " + kept
                + (kept == 1 ? " stays." : " stay.");
    }

    private static String name(Unneeded.Image image) {
        return image.names().isEmpty() ? image.configDigest() : image.names().get(0);
    }
}
