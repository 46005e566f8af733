package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.Optional;

/** Reads which image a Quadlet {@code .container} file runs, {@code podman-systemd.unit(5)}, text to value. */
final class QuadletContainer {
    static final String SECTION = "Container";

    private final QuadletUnit unit;

    QuadletContainer(String file, UnitFile unit, Findings findings) {
        this.unit = new QuadletUnit(file, SECTION, unit, findings);
    }

    /** What the container runs. */
    sealed interface Run {}

    /** Nothing that can be bound; why not is told. */
    record Nothing() implements Run {}

    /** An image by its reference, named in a line. */
    record Names(ImageReference reference, int line) implements Run {}

    /** What another Quadlet file, named by its base name, fetches. */
    record Refers(String unit, Assignment image) implements Run {}

    Run read() {
        Optional<Assignment> image = unit.value("Image");
        Optional<Assignment> rootfs = unit.value("Rootfs");
        if (rootfs.isPresent()) {
            unit.error(
                    ProblemCode.QUADLET_ROOTFS,
                    rootfs.get(),
                    image.isPresent()
                            ? "stands beside Image=, so Quadlet rejects the unit"
                            : "makes the container run from a directory: there is no image to bind",
                    image.isPresent() ? "keep one of the two" : "remove the link that binds this unit");
            return new Nothing();
        }
        return image.map(this::read).orElseGet(this::noImage);
    }

    private Run read(Assignment image) {
        String value = image.value();
        if (value.endsWith(".image")) {
            return new Refers(value, image);
        }
        if (value.endsWith(".build")) {
            unit.error(
                    ProblemCode.QUADLET_BUILD,
                    image,
                    OptionValues.quoted(value) + " is built on the host: no registry has it",
                    "build the image beforehand and name it by its reference");
            return new Nothing();
        }
        Optional<ImageReference> reference = unit.expanded(image).flatMap(text -> unit.reference(image, text));
        return reference.isPresent() ? new Names(reference.get(), image.line()) : new Nothing();
    }

    private Run noImage() {
        unit.findings()
                .error(
                        ProblemCode.QUADLET_NO_IMAGE,
                        Place.of(unit.file()),
                        "has no Image= in [Container]",
                        "name the image to run");
        return new Nothing();
    }
}
