package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.Optional;

/**
 * What stock bootc refuses in its own {@code bound-images.d}; it then fails every upgrade. It reads neither drop-ins nor anything but one key
 * of the file, with a reader of its own.
 */
final class BootcRules {
    private static final String OURS = "move the link to " + QuadletLinks.LOCKSTEP;

    private final Findings findings;

    BootcRules(Findings findings) {
        this.findings = findings;
    }

    /** Tells what is wrong with a link by its name; the ending of the link says how bootc reads the file. */
    boolean takes(String link) {
        if (link.endsWith(".image") || link.endsWith(".container")) {
            return true;
        }
        refused(Place.of(link), "takes only .image and .container files");
        return false;
    }

    /** Tells what is wrong with a file, without its drop-ins. */
    void check(QuadletUnit unit) {
        String section = unit.type().section();
        unit.unit().assignments().stream()
                .filter(at -> at.file().equals(unit.path()) && at.section().equals(section))
                .filter(at -> unit.type() == QuadletType.IMAGE && at.key().equals("AuthFile"))
                .findFirst()
                .ifPresent(at -> refused(at.place(), "does not support AuthFile="));
        Optional<Assignment> read = unit.unit().assignments().stream()
                .filter(at -> at.file().equals(unit.path()) && at.section().equals(section))
                .filter(at -> at.key().equals("Image"))
                .reduce((earlier, later) -> later);
        Optional<Assignment> counts = unit.unit().last(section, "Image");
        if (read.isEmpty()) {
            counts.ifPresent(
                    at -> refused(Place.of(unit.path()), "finds no Image= in the file, and reads no drop-ins"));
        } else if (!read.equals(counts)) {
            findings.warning(
                    ProblemCode.QUADLET_DROP_IN,
                    counts.orElse(read.get()).place(),
                    "is not read by bootc, which fetches "
                            + OptionValues.quoted(read.get().value()) + " instead",
                    "set Image= in the file itself");
        }
        read.ifPresent(this::checkImage);
    }

    private void checkImage(Assignment image) {
        String value = image.value();
        if (value.endsWith(".image") || value.endsWith(".build")) {
            refused(image.place(), "takes '" + value + "' for the name of an image");
        } else if (value.replace("%%", "").contains("%")) {
            refused(image.place(), "does not expand specifiers");
        } else if (value.contains("\"")) {
            refused(image.place(), "takes quotation marks for a part of the name");
        }
    }

    private void refused(Place place, String why) {
        findings.error(ProblemCode.BOOTC_REFUSES, place, "bootc would fail every upgrade: it " + why, OURS);
    }
}
