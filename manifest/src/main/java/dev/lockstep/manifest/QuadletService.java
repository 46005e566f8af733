package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.List;
import java.util.Optional;

/**
 * What Quadlet makes of one unit, as far as images go. All texts are as they stand in the generated command lines: systemd's specifiers and
 * variables are still in them.
 *
 * @param images in the order in which the command line names them
 * @param manifests paths of the Kubernetes manifests that are played, absolute or beginning with a specifier
 * @param volumes names of the {@code .volume} units that are mounted
 * @param rejections why there is no service after all; empty when there is one
 */
record QuadletService(
        QuadletUnit unit,
        List<Named> images,
        List<Assignment> manifests,
        List<String> volumes,
        List<Problem> rejections) {

    QuadletService {
        images = List.copyOf(images);
        manifests = List.copyOf(manifests);
        volumes = List.copyOf(volumes);
        rejections = List.copyOf(rejections);
    }

    /**
     * An image in a command line.
     *
     * @param text empty when it is what a unit fetches that Quadlet rejects
     * @param at the assignment that names it
     * @param via the {@code .image}, {@code .build} or {@code .artifact} unit that the assignment names instead of an image
     */
    record Named(Kind kind, String text, Assignment at, Optional<QuadletUnit> via) {}

    boolean isRejected() {
        return !rejections.isEmpty();
    }
}
