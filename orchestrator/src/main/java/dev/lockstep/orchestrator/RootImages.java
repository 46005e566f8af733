package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.Lint;
import dev.lockstep.manifest.Problem;
import dev.lockstep.manifest.RootTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a root binds that is not deployed, for those who bring its images somewhere. */
final class RootImages {

    private RootImages() {}

    /**
     * Reads what a root binds; what is only doubtful is a warning.
     *
     * @param name of the root, for messages
     * @throws LockstepException BOUND_IMAGES_INVALID with every mistake
     */
    static List<BoundImage> read(RootTree root, Path name, Progress progress) throws LockstepException {
        BoundImages bound = BoundImages.of(root);
        List<String> errors = new ArrayList<>();
        for (Problem problem : bound.problems()) {
            switch (problem.severity()) {
                case WARNING -> progress.warning(problem.toString());
                case ERROR -> errors.add(problem.toString());
            }
        }
        if (bound.failed()) {
            throw new LockstepException(
                    ErrorCode.BOUND_IMAGES_INVALID,
                    "what " + name + " binds has " + errors.size()
                            + (errors.size() == 1 ? " mistake:\n  " : " mistakes:\n  ") + String.join("\n  ", errors),
                    "correct the root; 'lockstep images list --root DIR' shows the same list");
        }
        Lint.of(root).notVisible().forEach(problem -> progress.warning(problem.toString()));
        return bound.images();
    }

    /**
     * Sorts answers of registries.
     *
     * @param meanings gets every image and what it means, if that is known
     * @return those that are known
     * @throws LockstepException every failure of a bound image, together
     */
    static List<ImageKeeper.Wanted> wanted(
            List<Resolution.Answer> answers, List<BindingRecord.Bound> meanings, Progress progress)
            throws LockstepException {
        List<ImageKeeper.Wanted> wanted = new ArrayList<>();
        List<LockstepException> failures = new ArrayList<>();
        for (Resolution.Answer answer : answers) {
            BoundImage image = answer.image();
            if (answer.failure().isPresent()) {
                Resolution.note(image, answer.failure().get(), progress, failures);
            }
            meanings.add(new BindingRecord.Bound(image.reference(), image.mode(), answer.resolved()));
            answer.resolved().ifPresent(digests -> wanted.add(new ImageKeeper.Wanted(image, digests)));
        }
        if (!failures.isEmpty()) {
            throw Failures.together(failures, "cannot be resolved");
        }
        return wanted;
    }
}
