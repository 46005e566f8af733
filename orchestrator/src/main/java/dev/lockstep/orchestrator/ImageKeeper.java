package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.orchestrator.gate.StoredImage;
import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.PullArguments;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.Repair;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.RootFiles;
import dev.lockstep.podman.StoredLayer;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.process.Cancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings images into the store and proves that they are there: each by its digest, whole, pinned, durable.
 */
final class ImageKeeper {
    private final Podman podman;
    private final Registry registry;
    private final ImageStore store;
    private final Repair repair;
    private final Context context;
    private final Set<StoredLayer> proven = new HashSet<>();
    private int fetched;
    private int repaired;

    /** What it works with. */
    record Context(
            Configuration configuration, Path runtime, Path graphRoot, Cancellation cancellation, Progress progress) {}

    ImageKeeper(Podman podman, Registry registry, ImageStore store, Repair repair, Context context) {
        this.podman = podman;
        this.registry = registry;
        this.store = store;
        this.repair = repair;
        this.context = context;
    }

    /**
     * An image that a root binds and what its reference means.
     *
     * @param bound as the root binds it
     * @param resolved its digests
     */
    record Wanted(BoundImage bound, ResolvedImage resolved) {}

    /** Asks a registry what a bound reference means. */
    ResolvedImage resolve(ImageReference reference, PullOptions options, RootFiles root) throws LockstepException {
        return withArguments(
                options, root, arguments -> retrying(options, () -> registry.resolve(reference, arguments)));
    }

    /**
     * Fetches what is absent and mends what is damaged, so that every image is at least in the store with the right content. Order is kept;
     * the first failure of a bound image ends it, and what was fetched until then stays. A prefetched image may fail with a warning.
     *
     * @return the images that are in the store now
     */
    List<ResolvedImage> fetch(List<Wanted> images, RootFiles root) throws LockstepException {
        List<ResolvedImage> here = new ArrayList<>();
        Map<ResolvedImage, Confirmation> found =
                confirm(images.stream().map(Wanted::resolved).toList());
        int number = 0;
        for (Wanted image : images) {
            number++;
            Confirmation confirmation = found.get(image.resolved());
            if (confirmation instanceof Confirmation.Present) {
                tell(number, images.size(), image, "present");
            } else if (!fetchAsBound(image, root, number, images.size())) {
                continue;
            }
            here.add(image.resolved());
        }
        return here;
    }

    private boolean fetchAsBound(Wanted image, RootFiles root, int number, int total) throws LockstepException {
        try {
            fetchOne(image, root, number, total);
            return true;
        } catch (LockstepException e) {
            if (image.bound().mode() == BoundImage.Mode.BIND || e.code() == ErrorCode.CANCELLED) {
                throw e;
            }
            context.progress().warning(image.bound().reference() + ": " + e.getMessage());
            return false;
        }
    }

    private void fetchOne(Wanted image, RootFiles root, int number, int total) throws LockstepException {
        // Read again: an image before it may have brought its layers.
        switch (confirmOne(image.resolved())) {
            case Confirmation.Present ignored -> tell(number, total, image, "present");
            case Confirmation.Unproven unproven -> {
                tell(
                        number,
                        total,
                        image,
                        "checking the content of " + unproven.layers().size() + " layers");
                if (!contentIsRight(unproven)) {
                    mend(image, root, number, total, "its content is not what its digests say");
                }
            }
            case Confirmation.Damaged damaged ->
                mend(image, root, number, total, damaged.reasons().get(0));
            case Confirmation.Absent ignored -> pull(image, root, number, total);
        }
    }

    /** Images share layers, so each layer is read once a run. */
    private boolean contentIsRight(Confirmation.Unproven unproven) throws LockstepException {
        List<StoredLayer> unread = unproven.layers().stream()
                .filter(layer -> !proven.contains(layer))
                .toList();
        try {
            boolean right = store.checkContent(unread).isEmpty();
            if (right) {
                proven.addAll(unread);
            }
            return right;
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private void pull(Wanted image, RootFiles root, int number, int total) throws LockstepException {
        PullOptions options = image.bound().pull();
        tell(number, total, image, "pulling " + Sizes.text(image.resolved().size()));
        withArguments(
                options,
                root,
                arguments -> retrying(options, () -> {
                    podman.pull(image.resolved(), arguments, line -> {});
                    return true;
                }));
        fetched++;
        context.progress()
                .event(Occurrence.of(Event.IMAGE_PULLED, "")
                        .about(new Occurrence.Image(
                                image.resolved().reference().toString(),
                                image.resolved().digest(),
                                OptionalLong.of(image.resolved().size()))));
        // Layers that were there before may be hollow, and podman does not fetch those again.
        switch (confirmOne(image.resolved())) {
            case Confirmation.Present ignored -> {}
            case Confirmation.Unproven unproven -> {
                if (!contentIsRight(unproven)) {
                    mend(image, root, number, total, "a layer that was in the store before is damaged");
                }
            }
            case Confirmation.Damaged damaged ->
                mend(image, root, number, total, damaged.reasons().get(0));
            case Confirmation.Absent absent ->
                throw new LockstepException(
                        ErrorCode.NOT_CONFIRMED,
                        "podman said that it pulled " + image.resolved().pinned() + ", but the store does not have it: "
                                + absent.reason(),
                        "run 'lockstep retry'");
        }
    }

    private void mend(Wanted image, RootFiles root, int number, int total, String reason) throws LockstepException {
        tell(number, total, image, "repairing: " + reason);
        PullOptions options = image.bound().pull();
        withArguments(
                options,
                root,
                arguments -> retrying(options, () -> {
                    repair.repair(image.resolved(), arguments, line -> {});
                    return true;
                }));
        repaired++;
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
        try {
            return store.confirm(images);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private Confirmation confirmOne(ResolvedImage image) throws LockstepException {
        return java.util.Objects.requireNonNull(confirm(List.of(image)).get(image), "a store judges what it is asked");
    }

    /** The images as the store lists them, for a check without podman. */
    List<StoredImage> stored(List<ResolvedImage> images) throws LockstepException {
        List<StoredImage> stored = new ArrayList<>();
        try {
            for (ResolvedImage image : images) {
                stored.add(new StoredImage(
                        context.graphRoot().toString(),
                        image.configDigest().substring("sha256:".length()),
                        image.digest(),
                        store.layers(image).stream()
                                .map(layer -> new StoredImage.Layer(layer.id(), layer.link()))
                                .toList()));
            }
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

    private void tell(int number, int total, Wanted image, String what) {
        context.progress().image(number, total, image.resolved().reference().toString(), what);
    }

    /** Something that asks a registry. */
    @FunctionalInterface
    private interface Asking<T> {
        T run() throws ImageException;
    }

    /** Something done with pull arguments. */
    @FunctionalInterface
    private interface WithArguments<T> {
        T run(PullArguments arguments) throws LockstepException;
    }

    private <T> T withArguments(PullOptions options, RootFiles root, WithArguments<T> work) throws LockstepException {
        Optional<Path> defaultAuth = context.configuration().authFile();
        try (PullArguments arguments = PullArguments.prepare(root, options, defaultAuth, context.runtime())) {
            return work.run(arguments);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private <T> T retrying(PullOptions options, Asking<T> asking) throws LockstepException {
        int retries = options.retries().orElse(context.configuration().retries());
        Duration delay = options.retryDelay()
                .orElse(Duration.ofSeconds(context.configuration().retryDelaySeconds()));
        for (int tries = 0; ; tries++) {
            try {
                return asking.run();
            } catch (ImageException e) {
                boolean again = e.error().retryable() && tries < retries && worthWaiting(e);
                if (!again || waitedInVain(delay)) {
                    throw Failures.of(e);
                }
                context.progress().warning(e.getMessage() + "; trying again in " + delay.toSeconds() + " s");
                delay = delay.multipliedBy(2);
            }
        }
    }

    /** A full disk, a blob that its registry lost and a wish to stop do not pass by waiting a little. */
    private static boolean worthWaiting(ImageException failure) {
        return switch (failure.error()) {
            case STORE_FULL, IMAGE_INCOMPLETE, CANCELLED -> false;
            case IMAGE_NOT_FOUND,
                    REGISTRY_UNAUTHORIZED,
                    REGISTRY_UNREACHABLE,
                    REGISTRY_CERTIFICATE,
                    IMAGE_MALFORMED,
                    IMAGE_WRONG_PLATFORM,
                    SIGNATURE_REFUSED,
                    PULL_OPTION_FILE,
                    STORE_UNUSABLE,
                    TOOL_MISSING,
                    TOOL_TOO_OLD,
                    TIMED_OUT,
                    TOOL_FAILED -> true;
        };
    }

    private boolean waitedInVain(Duration delay) {
        try {
            return context.cancellation().await(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
