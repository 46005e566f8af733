package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.PullPlan;
import dev.lockstep.podman.PullWatch;
import dev.lockstep.podman.Repair;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.RootFiles;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.disk.Space;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One round of fetching: what the store has is judged, what is lacking is planned, pulled and proven, and what is damaged is mended. Whatever
 * ends it, what came until then stays in the store.
 */
final class ImageFetch {
    private final Parts parts;
    private final ImageKeeper.Context context;
    private final List<ImageKeeper.Wanted> images;
    private final RootFiles root;
    private final Map<ResolvedImage, Integer> numbers = new LinkedHashMap<>();
    private final Map<ResolvedImage, String> damaged = new ConcurrentHashMap<>();
    private final AtomicInteger fetched = new AtomicInteger();
    private int repaired;

    /** What it works with. */
    record Parts(Podman podman, ImageStore store, Repair repair, ImageSources sources, ContentProof proof) {}

    ImageFetch(Parts parts, ImageKeeper.Context context, List<ImageKeeper.Wanted> images, RootFiles root) {
        this.parts = parts;
        this.context = context;
        this.images = List.copyOf(images);
        this.root = root;
        images.forEach(image -> numbers.put(image.resolved(), numbers.size() + 1));
    }

    /** Images pulled. */
    int fetched() {
        return fetched.get();
    }

    /** Images mended. */
    int repaired() {
        return repaired;
    }

    /**
     * Fetches and mends.
     *
     * @return the images that are in the store now: all bound ones, and the prefetched ones that could be had
     * @throws LockstepException STORE_FULL before anything is fetched when it cannot fit; else every failure of a bound image
     */
    List<ResolvedImage> run() throws LockstepException {
        List<ImageKeeper.Wanted> absent = judge();
        Map<ResolvedImage, LockstepException> failures = new LinkedHashMap<>();
        PullPlan plan = plan(absent, failures);
        Transfers transfers = new Transfers(plan.fetch(), context.progress(), context.clock());
        List<ImageKeeper.Wanted> toPull = absent.stream()
                .filter(image -> !failures.containsKey(image.resolved()))
                .toList();
        failures.putAll(new ParallelPulls(parallel(), parts.store(), context.cancellation())
                .run(toPull, image -> pull(image, transfers)));
        if (images.stream().noneMatch(image -> endsAll(image, failures))) {
            mendAll(failures, transfers);
        }
        return settle(failures);
    }

    private int parallel() {
        return context.configuration().fetching().parallel();
    }

    private static boolean endsAll(ImageKeeper.Wanted image, Map<ResolvedImage, LockstepException> failures) {
        LockstepException failure = failures.get(image.resolved());
        return failure != null && ParallelPulls.endsAll(image, failure);
    }

    /** Notes what is damaged and returns what is absent. */
    private List<ImageKeeper.Wanted> judge() throws LockstepException {
        List<ImageKeeper.Wanted> absent = new ArrayList<>();
        Map<ResolvedImage, Confirmation> found = ImageKeeper.confirm(
                parts.store(), images.stream().map(ImageKeeper.Wanted::resolved).toList());
        for (ImageKeeper.Wanted image : images) {
            switch (Objects.requireNonNull(found.get(image.resolved()), "a store judges what it is asked")) {
                case Confirmation.Present ignored -> tell(image, "present");
                case Confirmation.Unproven unproven -> prove(image, unproven);
                case Confirmation.Damaged damage ->
                    damaged.put(image.resolved(), damage.reasons().get(0));
                case Confirmation.Absent ignored -> absent.add(image);
            }
        }
        return absent;
    }

    private void prove(ImageKeeper.Wanted image, Confirmation.Unproven unproven) throws LockstepException {
        tell(image, "checking the content of " + unproven.layers().size() + " layers");
        if (!isRight(unproven)) {
            damaged.put(image.resolved(), "its content is not what its digests say");
        }
    }

    private boolean isRight(Confirmation.Unproven unproven) throws LockstepException {
        try {
            return parts.proof().isRight(unproven);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** Tells the plan. Prefetched images for which there is no room are left out, as failures. */
    private PullPlan plan(List<ImageKeeper.Wanted> absent, Map<ResolvedImage, LockstepException> failures)
            throws LockstepException {
        try {
            Space free = parts.store().space();
            PullPlan plan = plan(absent);
            List<ImageKeeper.Wanted> bound = absent.stream()
                    .filter(image -> image.bound().mode() == BoundImage.Mode.BIND)
                    .toList();
            if (!plan.fits(free) && bound.size() < absent.size()) {
                LockstepException full = full(plan, free);
                absent.stream()
                        .filter(image -> image.bound().mode() == BoundImage.Mode.PREFETCH)
                        .forEach(image -> failures.put(image.resolved(), full));
                plan = plan(bound);
            }
            context.progress()
                    .plan(new Progress.Plan(
                            plan.images(), plan.present(), plan.layers(), plan.fetch(), plan.need(), free.bytes()));
            if (plan.fetch() > 0) {
                plan.requireSpace(free, parts.store().directory());
            }
            return plan;
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private PullPlan plan(List<ImageKeeper.Wanted> absent) throws ImageException {
        return PullPlan.of(
                images.size(),
                absent.stream().map(ImageKeeper.Wanted::resolved).toList(),
                damaged.keySet(),
                parts.store().blobs(),
                parallel());
    }

    private LockstepException full(PullPlan plan, Space free) {
        try {
            plan.requireSpace(free, parts.store().directory());
            throw new IllegalStateException("it fits");
        } catch (ImageException e) {
            return Failures.of(e);
        }
    }

    private void pull(ImageKeeper.Wanted image, Transfers transfers) throws LockstepException {
        String from = parts.sources()
                .directory(image.resolved())
                .map(directory -> " from " + directory)
                .orElse("");
        tell(image, "pulling " + Sizes.text(image.resolved().size()) + from);
        Transfers.Counter counter = transfers.counter(image.resolved());
        parts.sources().fetch(image, root, arguments -> {
            counter.begins(parts.store().missing(image.resolved()));
            parts.podman().pull(image.resolved(), arguments, watch(counter));
            counter.ends();
            return true;
        });
        fetched.incrementAndGet();
        context.progress()
                .event(Occurrence.of(Event.IMAGE_PULLED, "")
                        .about(new Occurrence.Image(
                                image.resolved().reference().toString(),
                                image.resolved().digest(),
                                OptionalLong.of(image.resolved().size()))));
        // Layers that were there before may be hollow, and podman does not fetch those again.
        switch (confirmOne(image)) {
            case Confirmation.Present ignored -> {}
            case Confirmation.Unproven unproven -> {
                if (!isRight(unproven)) {
                    damaged.put(image.resolved(), "a layer that was in the store before is damaged");
                }
            }
            case Confirmation.Damaged damage ->
                damaged.put(image.resolved(), damage.reasons().get(0));
            case Confirmation.Absent absent ->
                throw new LockstepException(
                        ErrorCode.NOT_CONFIRMED,
                        "podman said that it pulled " + image.resolved().pinned() + ", but the store does not have it: "
                                + absent.reason(),
                        "run 'lockstep retry'");
        }
    }

    private PullWatch watch(Transfers.Counter counter) {
        return new PullWatch(context.configuration().fetching().stallTimeout(), counter::received);
    }

    /** One after another: a repair moves parts of the store that a pull may be building upon. */
    private void mendAll(Map<ResolvedImage, LockstepException> failures, Transfers transfers) {
        for (ImageKeeper.Wanted image : images) {
            String reason = damaged.get(image.resolved());
            if (reason != null && images.stream().noneMatch(other -> endsAll(other, failures))) {
                try {
                    mend(image, reason, transfers);
                } catch (LockstepException e) {
                    failures.put(image.resolved(), e);
                }
            }
        }
    }

    private void mend(ImageKeeper.Wanted image, String reason, Transfers transfers) throws LockstepException {
        // Looked at again: a repair before it may have mended a layer of both.
        boolean whole = switch (confirmOne(image)) {
            case Confirmation.Present ignored -> true;
            case Confirmation.Unproven unproven -> isRight(unproven);
            case Confirmation.Damaged ignored -> false;
            case Confirmation.Absent ignored -> false;
        };
        if (whole) {
            return;
        }
        tell(image, "repairing: " + reason);
        Transfers.Counter counter = transfers.counter(image.resolved());
        parts.sources().fetch(image, root, arguments -> {
            counter.begins(image.resolved().size());
            parts.repair().repair(image.resolved(), arguments, watch(counter));
            counter.ends();
            return true;
        });
        repaired++;
    }

    private Confirmation confirmOne(ImageKeeper.Wanted image) throws LockstepException {
        ResolvedImage resolved = image.resolved();
        return Objects.requireNonNull(
                ImageKeeper.confirm(parts.store(), List.of(resolved)).get(resolved), "a store judges what it is asked");
    }

    /** A prefetched image that failed is a warning; bound ones that failed are told together. */
    private List<ResolvedImage> settle(Map<ResolvedImage, LockstepException> failures) throws LockstepException {
        List<ResolvedImage> here = new ArrayList<>();
        List<LockstepException> bound = new ArrayList<>();
        for (ImageKeeper.Wanted image : images) {
            LockstepException failure = failures.get(image.resolved());
            if (failure == null) {
                here.add(image.resolved());
            } else if (failure.code() == ErrorCode.CANCELLED) {
                throw failure;
            } else if (image.bound().mode() == BoundImage.Mode.BIND) {
                bound.add(failure);
            } else {
                context.progress().warning(image.bound().reference() + ": " + failure.getMessage());
            }
        }
        if (!bound.isEmpty()) {
            throw Failures.together(bound, "cannot be fetched");
        }
        return here;
    }

    private void tell(ImageKeeper.Wanted image, String what) {
        context.progress()
                .image(
                        Objects.requireNonNull(numbers.get(image.resolved()), "it is one of them"),
                        images.size(),
                        image.resolved().reference().toString(),
                        what);
    }
}
