package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.PullOrder;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.process.Cancellation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pulls several images at once, each missing layer by one of them (see {@link PullOrder}). After the first failure of a bound image none begins
 * any more; what runs is waited for, and what came stays in the store.
 */
final class ParallelPulls {
    /** How often the store is looked at for layers that others wait for. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration LONG = Duration.ofMinutes(1);

    private final int parallel;
    private final ImageStore store;
    private final Cancellation cancellation;

    ParallelPulls(int parallel, ImageStore store, Cancellation cancellation) {
        this.parallel = parallel;
        this.store = store;
        this.cancellation = cancellation;
    }

    /** Fetches one image. */
    @FunctionalInterface
    interface Pull {
        /** Returns when it is in the store. */
        void run(ImageKeeper.Wanted image) throws LockstepException;
    }

    /** How one pull ended. */
    private record Ended(ImageKeeper.Wanted image, Optional<LockstepException> failure) {}

    /** Pulls them and returns the failures. An image that is not among them was pulled, or never began because a bound one failed. */
    Map<ResolvedImage, LockstepException> run(List<ImageKeeper.Wanted> images, Pull pull) {
        Map<ResolvedImage, LockstepException> failures = new LinkedHashMap<>();
        Map<ResolvedImage, ImageKeeper.Wanted> wanted = new LinkedHashMap<>();
        images.forEach(image -> wanted.put(image.resolved(), image));
        PullOrder order = new PullOrder(List.copyOf(wanted.keySet()), here());
        try (Workers<Ended> workers = new Workers<>("pull", parallel, cancellation)) {
            while (!order.isDone()) {
                begin(order, workers, wanted, pull);
                Optional<Ended> ended = workers.take(order.isHeldBack() ? LOOK : LONG);
                if (workers.running() < parallel && order.isHeldBack()) {
                    order.arrived(here());
                }
                ended.ifPresent(end -> {
                    order.ended(end.image().resolved());
                    end.failure().ifPresent(failure -> {
                        failures.put(end.image().resolved(), failure);
                        if (endsAll(end.image(), failure)) {
                            order.stop();
                        }
                    });
                });
            }
        }
        return failures;
    }

    private void begin(
            PullOrder order, Workers<Ended> workers, Map<ResolvedImage, ImageKeeper.Wanted> wanted, Pull pull) {
        while (workers.running() < parallel) {
            Optional<ImageKeeper.Wanted> next = order.next().map(wanted::get);
            if (next.isEmpty()) {
                return;
            }
            workers.begin(() -> end(next.get(), pull));
        }
    }

    private static Ended end(ImageKeeper.Wanted image, Pull pull) {
        try {
            pull.run(image);
            return new Ended(image, Optional.empty());
        } catch (LockstepException e) {
            return new Ended(image, Optional.of(e));
        }
    }

    static boolean endsAll(ImageKeeper.Wanted image, LockstepException failure) {
        return image.bound().mode() == BoundImage.Mode.BIND || failure.code() == ErrorCode.CANCELLED;
    }

    private Set<String> here() {
        try {
            return store.blobs().digests();
        } catch (ImageException e) {
            // The pulls themselves say what is wrong with the store.
            return Set.of();
        }
    }
}
