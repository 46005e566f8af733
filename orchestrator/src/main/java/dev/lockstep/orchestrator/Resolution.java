package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.RootFiles;
import dev.lockstep.podman.process.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Asks registries what references mean, several at once; the answers come in the order of the questions. */
final class Resolution {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MOST_QUESTIONS = 8;

    private final int parallel;
    private final ImageSources sources;
    private final Cancellation cancellation;

    Resolution(int parallel, ImageSources sources, Cancellation cancellation) {
        this.parallel = parallel;
        this.sources = sources;
        this.cancellation = cancellation;
    }

    /** As many questions at once as a configuration wants images at once, and no more than registries like. */
    static Resolution of(Configuration configuration, ImageSources sources, Cancellation cancellation) {
        int atOnce = Math.min(configuration.fetching().parallel(), MOST_QUESTIONS);
        return new Resolution(atOnce, sources, cancellation);
    }

    /**
     * What became of one question. Neither is there when the registry of the image did not answer to another question either, or when
     * everything was stopped before.
     */
    record Answer(BoundImage image, Optional<ResolvedImage> resolved, Optional<LockstepException> failure) {}

    private record Numbered(int index, Answer answer) {}

    /** Asks about one image. */
    ResolvedImage resolve(BoundImage image, RootFiles root) throws LockstepException {
        return sources.resolve(image, root);
    }

    /**
     * Asks about images.
     *
     * @param known references that keep their meaning
     * @param begun is told the index of each image that is asked about, by any thread
     */
    List<Answer> resolve(
            List<BoundImage> images, Map<ImageReference, ResolvedImage> known, RootFiles root, IntConsumer begun) {
        Unreachable unreachable = new Unreachable();
        AtomicBoolean stopped = new AtomicBoolean();
        List<Answer> answers = new ArrayList<>();
        images.forEach(image ->
                answers.add(new Answer(image, Optional.ofNullable(known.get(image.reference())), Optional.empty())));
        List<Integer> questions = IntStream.range(0, images.size())
                .filter(index -> answers.get(index).resolved().isEmpty())
                .boxed()
                .toList();
        try (Workers<Numbered> workers = new Workers<>("resolve", parallel, cancellation)) {
            for (int index : questions) {
                BoundImage image = images.get(index);
                workers.begin(() -> {
                    // A registry that does not answer is not waited for once an image.
                    if (stopped.get() || unreachable.isWorthless(image)) {
                        return new Numbered(index, new Answer(image, Optional.empty(), Optional.empty()));
                    }
                    begun.accept(index);
                    Answer answer = ask(image, root);
                    answer.failure().ifPresent(failure -> {
                        stopped.compareAndSet(false, endsAll(failure));
                        unreachable.note(image, failure);
                    });
                    return new Numbered(index, answer);
                });
            }
            while (workers.running() > 0) {
                workers.take(LONG).ifPresent(numbered -> answers.set(numbered.index(), numbered.answer()));
            }
        }
        return oneFailureEach(answers);
    }

    private Answer ask(BoundImage image, RootFiles root) {
        try {
            return new Answer(image, Optional.of(resolve(image, root)), Optional.empty());
        } catch (LockstepException e) {
            return new Answer(image, Optional.empty(), Optional.of(e));
        }
    }

    /** Nothing else can be asked after it. */
    static boolean endsAll(LockstepException failure) {
        return failure.code() == ErrorCode.CANCELLED || failure.code() == ErrorCode.TOOL_MISSING;
    }

    /**
     * Takes a failure down: a prefetched image's is only a warning.
     *
     * @param failures gets that of a bound image
     * @throws LockstepException the failure itself when nothing else can be asked after it
     */
    static void note(BoundImage image, LockstepException failure, Progress progress, List<LockstepException> failures)
            throws LockstepException {
        if (endsAll(failure)) {
            throw failure;
        }
        switch (image.mode()) {
            case PREFETCH -> progress.warning(image.reference() + ": " + failure.getMessage());
            case BIND -> failures.add(failure);
        }
    }

    /** That a registry does not answer is told once, by its first image, however many asked it at once. */
    private static List<Answer> oneFailureEach(List<Answer> answers) {
        Set<String> told = new HashSet<>();
        return answers.stream()
                .map(answer -> {
                    boolean again = answer.failure()
                                    .filter(failure -> failure.code() == ErrorCode.REGISTRY_UNREACHABLE)
                                    .isPresent()
                            && !told.add(Unreachable.key(
                                    answer.image(), answer.image().mode()));
                    return again ? new Answer(answer.image(), Optional.empty(), Optional.empty()) : answer;
                })
                .toList();
    }

    /** Registries that did not answer. A bound image is skipped only when another bound one has failed, since that is told. */
    private static final class Unreachable {
        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        static String key(BoundImage image, BoundImage.Mode mode) {
            return mode + " " + image.reference().registry();
        }

        void note(BoundImage image, LockstepException failure) {
            if (failure.code() == ErrorCode.REGISTRY_UNREACHABLE) {
                seen.add(key(image, image.mode()));
            }
        }

        boolean isWorthless(BoundImage image) {
            return seen.contains(key(image, BoundImage.Mode.BIND)) || seen.contains(key(image, image.mode()));
        }
    }
}
