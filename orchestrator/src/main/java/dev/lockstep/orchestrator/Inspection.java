package dev.lockstep.orchestrator;

import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.StoredLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is so, asked of the host, the records and the store; nothing is changed. */
final class Inspection {
    private final Host host;

    Inspection(Host host) {
        this.host = host;
    }

    Reports.Status status() throws LockstepException {
        List<Deployment> deployments = host.deployments.observe();
        Optional<Deployment> booted = host.deployments.booted();
        Optional<Staging> staging = host.deployments.staging();
        BindingRecords.Loaded loaded = host.records.load();
        Recovery.Plan plan = Recovery.plan(loaded.records(), deployments);
        List<Reports.DeploymentStatus> statuses = describe(deployments, booted, loaded.records());
        if (staging.isPresent()) {
            statuses.add(0, describe("staged", staging.get().deployment(), loaded.records()));
        }
        Optional<Reports.TransactionStatus> transaction = Optional.empty();
        if (plan.open().isPresent()) {
            BindingRecord open = plan.open().get();
            boolean committed = staging.filter(found -> found.isCommitted() && open.isFor(found.deployment()))
                    .isPresent();
            transaction = Optional.of(describe(open, committed));
        }
        return new Reports.Status(
                host.sysroot().toString(),
                host.layout.stateroot(),
                Summary.of(deployments, booted, staging, plan.open(), host.deployments.takenBack()),
                statuses,
                transaction,
                TagBinding.bound(host.layout),
                isWhole(booted, statuses),
                notes(loaded, plan, deployments, booted));
    }

    private List<String> notes(
            BindingRecords.Loaded loaded, Recovery.Plan plan, List<Deployment> deployments, Optional<Deployment> booted)
            throws LockstepException {
        List<String> notes = new ArrayList<>();
        loaded.broken()
                .forEach((file, reason) -> notes.add("the binding record " + file + " is unreadable (" + reason
                        + "); the next upgrade or retry sets it aside and rebuilds what it can"));
        plan.accepted()
                .forEach(accepted -> notes.add(accepted.deployment().shortName()
                        + " was deployed by a run that was interrupted before it noted so; the next run does"));
        booted.filter(deployment -> plan.unrecorded().contains(deployment))
                .ifPresent(
                        deployment -> notes.add(
                                "nothing is recorded of the images of " + deployment.shortName()
                                        + ": it was not deployed by Lockstep, or its record was lost; 'lockstep repair' makes it anew"));
        for (BindingRecord record : loaded.records()) {
            if (record.state() == BindingRecord.State.COMMITTED) {
                record.forced()
                        .ifPresent(forced -> notes.add("the deployment from " + record.target()
                                + " was committed whatever its images were, as " + forced.who() + " wanted: "
                                + forced.why()));
            }
        }
        trials(loaded.records(), deployments, booted, notes);
        notes.addAll(host.deployments.remarks());
        return notes;
    }

    /** Which deployments the host went back from, and which one has still to prove itself. */
    private static void trials(
            List<BindingRecord> records,
            List<Deployment> deployments,
            Optional<Deployment> booted,
            List<String> notes) {
        for (Deployment deployment : deployments) {
            Optional<BindingRecord> record = recordOf(deployment, records);
            if (record.isEmpty() || booted.isEmpty()) {
                continue;
            }
            boolean runs = booted.get().id().equals(deployment.id());
            String name = deployment.shortName();
            switch (record.get().trial().result()) {
                case SETTLED -> {}
                case AWAITED -> {
                    if (runs) {
                        notes.add(name + " has not proved yet that it boots: boot-complete.target is not reached");
                    }
                }
                case FELL_BACK -> {
                    if (!runs) {
                        notes.add("the host fell back: " + name + " was to boot, and "
                                + booted.get().shortName()
                                + " runs; upgrades leave it alone, 'lockstep retry' tries it again");
                    }
                }
                case ROLLED_BACK -> {
                    if (!runs) {
                        notes.add("the host was rolled back from " + name
                                + "; upgrades leave it alone, 'lockstep retry' goes there again");
                    }
                }
            }
        }
    }

    /** Whether the booted deployment has all that it binds, and its tags mean that. */
    private boolean isWhole(Optional<Deployment> booted, List<Reports.DeploymentStatus> statuses)
            throws LockstepException {
        if (booted.isEmpty()) {
            return true;
        }
        Optional<Reports.DeploymentStatus> status =
                statuses.stream().filter(found -> found.role().equals("booted")).findFirst();
        boolean bound =
                TagBinding.bound(host.layout).filter(booted.get().id()::equals).isPresent();
        return status.filter(Inspection::isWhole).isPresent() && bound;
    }

    private Reports.TransactionStatus describe(BindingRecord record, boolean committed) throws LockstepException {
        return new Reports.TransactionStatus(
                record.transaction(),
                committed ? "committed" : record.state().name().toLowerCase(Locale.ROOT),
                record.target().toString(),
                record.targetDigest(),
                record.began(),
                images(record));
    }

    private List<Reports.DeploymentStatus> describe(
            List<Deployment> deployments, Optional<Deployment> booted, List<BindingRecord> records)
            throws LockstepException {
        List<Reports.DeploymentStatus> statuses = new ArrayList<>();
        for (int index = 0; index < deployments.size(); index++) {
            statuses.add(describe(role(index, deployments.get(index), booted), deployments.get(index), records));
        }
        return statuses;
    }

    private Reports.DeploymentStatus describe(String role, Deployment deployment, List<BindingRecord> records)
            throws LockstepException {
        Optional<BindingRecord> record = recordOf(deployment, records);
        List<Reports.Image> images = record.isPresent() ? images(record.get()) : List.of();
        return describe(role, deployment, record.isPresent(), images);
    }

    private static Reports.DeploymentStatus describe(
            String role, Deployment deployment, boolean recorded, List<Reports.Image> images) {
        return new Reports.DeploymentStatus(
                role,
                deployment.shortName(),
                deployment.checksum(),
                deployment.serial(),
                deployment.version(),
                deployment.origin().source(),
                images,
                recorded);
    }

    /** The record of a deployment, also when the process that made it was killed before it noted so. */
    private static Optional<BindingRecord> recordOf(Deployment deployment, List<BindingRecord> records) {
        return records.stream().filter(record -> record.isFor(deployment)).findFirst();
    }

    private static String role(int index, Deployment deployment, Optional<Deployment> booted) {
        if (booted.filter(here -> here.id().equals(deployment.id())).isPresent()) {
            return "booted";
        }
        return switch (index) {
            case 0 -> "next";
            case 1 -> "rollback";
            default -> "older";
        };
    }

    /** A record's images and what the store holds of them. */
    List<Reports.Image> images(BindingRecord record) throws LockstepException {
        List<ResolvedImage> resolved = record.images().stream()
                .flatMap(bound -> bound.resolved().stream())
                .toList();
        Map<ResolvedImage, Confirmation> found = confirm(resolved);
        List<Reports.Image> images = new ArrayList<>();
        for (BindingRecord.Bound bound : record.images()) {
            Optional<Confirmation> confirmation = bound.resolved().map(found::get);
            images.add(image(bound, confirmation));
        }
        return images;
    }

    /** A bound image and what the store holds of it, once it is resolved. */
    static Reports.Image image(BindingRecord.Bound bound, Optional<Confirmation> confirmation) {
        return new Reports.Image(
                bound.reference().toString(),
                bound.mode().name().toLowerCase(Locale.ROOT),
                bound.resolved().map(ResolvedImage::digest),
                bound.resolved().map(ResolvedImage::size).orElse(0L),
                confirmation.map(Inspection::state).orElse(Reports.ImageState.UNRESOLVED),
                confirmation.map(ImageKeeper::describe).orElse(""));
    }

    /** A store that cannot be read has none of them whole, which is an answer and no failure. */
    private Map<ResolvedImage, Confirmation> confirm(List<ResolvedImage> images) throws LockstepException {
        try {
            return host.keeper.confirm(images);
        } catch (LockstepException e) {
            if (e.code() != ErrorCode.STORE_UNUSABLE) {
                throw e;
            }
            Map<ResolvedImage, Confirmation> damaged = new HashMap<>();
            images.forEach(
                    image -> damaged.put(image, new Confirmation.Damaged(List.of(String.valueOf(e.getMessage())))));
            return damaged;
        }
    }

    private static Reports.ImageState state(Confirmation confirmation) {
        return switch (confirmation) {
            case Confirmation.Present ignored -> Reports.ImageState.PRESENT;
            case Confirmation.Unproven ignored -> Reports.ImageState.UNPROVEN;
            case Confirmation.Absent ignored -> Reports.ImageState.ABSENT;
            case Confirmation.Damaged ignored -> Reports.ImageState.DAMAGED;
        };
    }

    /** Every deployment's images; deep recomputes what their layers hold. */
    Reports.Verification verify(boolean deep) throws LockstepException {
        List<Deployment> deployments = host.deployments.observe();
        Optional<Deployment> booted = host.deployments.booted();
        List<BindingRecord> records = host.records.load().records();
        Optional<Contents> contents = deep
                ? Optional.of(contents(records.stream()
                        .filter(record -> deployments.stream().anyMatch(record::isFor))
                        .toList()))
                : Optional.empty();
        List<Reports.DeploymentStatus> statuses = new ArrayList<>();
        for (int index = 0; index < deployments.size(); index++) {
            Deployment deployment = deployments.get(index);
            Optional<BindingRecord> record = recordOf(deployment, records);
            List<Reports.Image> images = record.isPresent() ? images(record.get()) : List.of();
            if (record.isPresent() && contents.isPresent()) {
                images = withContents(record.get(), images, contents.get());
            }
            statuses.add(describe(role(index, deployment, booted), deployment, record.isPresent(), images));
        }
        boolean whole = statuses.isEmpty()
                || isWhole(statuses.stream()
                        .filter(status -> status.role().equals("booted"))
                        .findFirst()
                        .orElse(statuses.get(0)));
        return new Reports.Verification(deep, statuses, whole);
    }

    private static boolean isWhole(Reports.DeploymentStatus deployment) {
        return deployment.recorded()
                && deployment.images().stream()
                        .allMatch(image -> image.state() == Reports.ImageState.PRESENT
                                || image.mode().equals("prefetch"));
    }

    /**
     * What recomputing found.
     *
     * @param layers of each image, as far as the store lists them
     * @param damage of those that are not right
     */
    private record Contents(Map<ResolvedImage, List<StoredLayer>> layers, Map<StoredLayer, String> damage) {
        List<String> of(ResolvedImage image) {
            return layers.getOrDefault(image, List.of()).stream()
                    .filter(damage::containsKey)
                    .map(damage::get)
                    .toList();
        }
    }

    /** Recomputes every layer of all images of these records that look whole, each once. */
    private Contents contents(List<BindingRecord> records) throws LockstepException {
        Set<ResolvedImage> images = new LinkedHashSet<>();
        records.forEach(
                record -> record.images().forEach(bound -> bound.resolved().ifPresent(images::add)));
        confirm(List.copyOf(images)).forEach((image, confirmation) -> {
            if (!isReadable(state(confirmation))) {
                images.remove(image);
            }
        });
        if (images.isEmpty()) {
            return new Contents(Map.of(), Map.of());
        }
        try {
            Map<ResolvedImage, List<StoredLayer>> layers = host.store.layers(images);
            Set<StoredLayer> distinct = new LinkedHashSet<>();
            layers.values().forEach(distinct::addAll);
            host.progress.step(
                    Progress.Step.CONFIRM,
                    "the content of " + distinct.size() + " layers of " + images.size() + " images");
            return new Contents(layers, host.store.damage(distinct));
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private static List<Reports.Image> withContents(
            BindingRecord record, List<Reports.Image> images, Contents contents) {
        List<Reports.Image> checked = new ArrayList<>();
        for (int index = 0; index < images.size(); index++) {
            Reports.Image image = images.get(index);
            List<String> damage =
                    record.images().get(index).resolved().map(contents::of).orElse(List.of());
            checked.add(isReadable(image.state()) && !damage.isEmpty() ? damaged(image, damage) : image);
        }
        return checked;
    }

    private static boolean isReadable(Reports.ImageState state) {
        return state == Reports.ImageState.PRESENT || state == Reports.ImageState.UNPROVEN;
    }

    private static Reports.Image damaged(Reports.Image image, List<String> damage) {
        return new Reports.Image(
                image.reference(),
                image.mode(),
                image.digest(),
                image.size(),
                Reports.ImageState.DAMAGED,
                String.join("; ", damage));
    }

    Reports.Check check(ResolvedTarget resolved) throws LockstepException {
        List<Deployment> deployments = host.deployments.observe();
        Optional<Deployment> current = deployments.stream().findFirst();
        boolean same = current.filter(deployment -> Upgrades.isFrom(deployment, resolved))
                .isPresent();
        Optional<String> digest = resolved.image().isPresent()
                ? current.flatMap(deployment -> deployment.origin().digest())
                : current.map(Deployment::checksum);
        Reports.Plan plan = new Planning(host).plan(resolved, deployments);
        return new Reports.Check(resolved.target().toString(), resolved.digest(), digest, !same, plan);
    }
}
