package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.orchestrator.gate.StoredImage;
import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.PullPlan;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.Repair;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.Retry;
import dev.lockstep.podman.RootFiles;
import dev.lockstep.podman.process.Cancellation;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings images into the store and proves that they are there: each by its digest, whole, pinned, durable.
 */
final class ImageKeeper {
    private final Podman podman;
    private final ImageStore store;
    private final Context context;
    private final Resolution resolution;
    private final ImageFetch.Parts parts;
    private int fetched;
    private int repaired;

    /** What it works with. */
    record Context(
            Configuration configuration,
            Path runtime,
            Path graphRoot,
            Cancellation cancellation,
            Progress progress,
            InstantSource clock,
            OfflineImages offline) {}

    ImageKeeper(Podman podman, Registry registry, ImageStore store, Repair repair, Context context) {
        this.podman = podman;
        this.store = store;
        this.context = context;
        // Random may be asked by several threads.
        Retry retry = new Retry(context.clock(), new Random(), context.cancellation()::await);
        RegistryCalls calls = new RegistryCalls(context.configuration(), context.runtime(), retry, context.progress());
        ImageSources sources = new ImageSources(context.offline(), registry, calls, context.runtime());
        this.resolution = Resolution.of(context.configuration(), sources, context.cancellation());
        this.parts = new ImageFetch.Parts(podman, store, repair, sources, new ContentProof(store));
    }

    /**
     * An image that a root binds and what its reference means.
     *
     * @param bound as the root binds it
     * @param resolved its digests
     */
    record Wanted(BoundImage bound, ResolvedImage resolved) {}

    /** Asks a registry what a bound reference means. */
    ResolvedImage resolve(BoundImage image, RootFiles root) throws LockstepException {
        return resolution.resolve(image, root);
    }

    /**
     * Asks registries what bound references mean, several at once. Of an image that is here by digest none is asked.
     *
     * @param known references that keep their meaning
     * @return in the order of the images
     */
    List<Resolution.Answer> resolve(List<BoundImage> images, Map<ImageReference, ResolvedImage> known, RootFiles root)
            throws LockstepException {
        Map<ImageReference, ResolvedImage> meanings;
        try {
            meanings = store.meanings(images);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
        meanings.putAll(known);
        return resolution.resolve(
                images,
                meanings,
                root,
                index -> context.progress()
                        .image(
                                index + 1,
                                images.size(),
                                images.get(index).reference().toString(),
                                "resolving"));
    }

    /**
     * Fetches what is absent and mends what is damaged, so that every image is at least in the store with the right content. What does not fit
     * on the disk is not begun. A failure of a bound image ends it, and what was fetched until then stays. A prefetched image may fail with a
     * warning.
     *
     * @return the images that are in the store now, in their order
     */
    List<ResolvedImage> fetch(List<Wanted> images, RootFiles root) throws LockstepException {
        ImageFetch fetch = new ImageFetch(parts, context, images, root);
        try {
            return fetch.run();
        } finally {
            fetched += fetch.fetched();
            repaired += fetch.repaired();
        }
    }

    /** What fetching images would move and take. Nothing is fetched, and what looks whole counts as present. */
    Progress.Plan plan(List<ResolvedImage> images) throws LockstepException {
        List<ResolvedImage> absent = new ArrayList<>();
        List<ResolvedImage> damaged = new ArrayList<>();
        Map<ResolvedImage, Confirmation> found = confirm(images);
        found.forEach((image, confirmation) -> {
            switch (confirmation) {
                case Confirmation.Present ignored -> {}
                case Confirmation.Unproven ignored -> {}
                case Confirmation.Damaged ignored -> damaged.add(image);
                case Confirmation.Absent ignored -> absent.add(image);
            }
        });
        try {
            int parallel = context.configuration().fetching().parallel();
            PullPlan plan = PullPlan.of(found.size(), absent, damaged, store.blobs(), parallel);
            return new Progress.Plan(
                    plan.images(),
                    plan.present(),
                    plan.layers(),
                    plan.fetch(),
                    plan.need(),
                    store.space().bytes());
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** Pins each image for a transaction, so that no collection takes it. */
    void pin(String transaction, List<ResolvedImage> images) throws LockstepException {
        AtomicInteger number = new AtomicInteger();
        try {
            podman.pin(
                    transaction,
                    images,
                    image -> context.progress()
                            .image(
                                    number.incrementAndGet(),
                                    images.size(),
                                    image.reference().toString(),
                                    "pinning"));
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Syncs the store, records the images as durable and confirms every one by reading the store anew.
     *
     * @throws LockstepException NOT_CONFIRMED naming each image that is not whole
     */
    void confirmDurable(List<ResolvedImage> images) throws LockstepException {
        try {
            store.recordDurable(images);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
        requirePresent(images);
    }

    /** Confirms every image by reading the store anew. */
    void requirePresent(List<ResolvedImage> images) throws LockstepException {
        List<String> lacking = confirm(images).entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof Confirmation.Present))
                .map(entry -> entry.getKey().pinned() + ": " + describe(entry.getValue()))
                .toList();
        if (!lacking.isEmpty()) {
            throw new LockstepException(
                    ErrorCode.NOT_CONFIRMED,
                    "not every image is whole in the store:\n  " + String.join("\n  ", lacking),
                    "run 'lockstep retry'");
        }
    }

    /** What the store holds of each image. */
    Map<ResolvedImage, Confirmation> confirm(Collection<ResolvedImage> images) throws LockstepException {
        return confirm(store, images);
    }

    /** What a store holds of each image. */
    static Map<ResolvedImage, Confirmation> confirm(ImageStore store, Collection<ResolvedImage> images)
            throws LockstepException {
        try {
            return store.confirm(images);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** The images as the store lists them, for a check without podman. */
    List<StoredImage> stored(List<ResolvedImage> images) throws LockstepException {
        List<StoredImage> stored = new ArrayList<>();
        try {
            store.layers(images)
                    .forEach((image, layers) -> stored.add(new StoredImage(
                            context.graphRoot().toString(),
                            image.configDigest().substring("sha256:".length()),
                            image.digest(),
                            layers.stream()
                                    .map(layer -> new StoredImage.Layer(layer.id(), layer.link()))
                                    .toList())));
        } catch (ImageException e) {
            throw Failures.of(e);
        }
        return stored;
    }

    static String describe(Confirmation confirmation) {
        return switch (confirmation) {
            case Confirmation.Present ignored -> "";
            case Confirmation.Unproven unproven -> unproven.layers().size() + " layers are not recorded as durable";
            case Confirmation.Absent absent -> absent.reason();
            case Confirmation.Damaged damaged -> String.join("; ", damaged.reasons());
        };
    }

    /** Images pulled so far. */
    int fetched() {
        return fetched;
    }

    /** Images mended so far. */
    int repaired() {
        return repaired;
    }
}
