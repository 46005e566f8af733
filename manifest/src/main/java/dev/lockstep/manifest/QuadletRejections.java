package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.List;

/** Collects why Quadlet rejects a unit. */
final class QuadletRejections {
    private final QuadletUnit unit;
    private final List<Problem> all = new ArrayList<>();

    QuadletRejections(QuadletUnit unit) {
        this.unit = unit;
    }

    List<Problem> all() {
        return all;
    }

    /** A value that makes Quadlet reject the unit. */
    void value(Assignment at, String message, String hint) {
        add(ProblemCode.QUADLET_REJECTED, at, message + ", so Quadlet rejects the unit", hint);
    }

    /** A unit that is named and is not there. */
    void missing(Assignment at, String name) {
        if (name.endsWith(QuadletType.BUILD.ending())) {
            add(
                    ProblemCode.QUADLET_BUILD,
                    at,
                    "no Quadlet directory has a file " + OptionValues.quoted(name) + ", and no registry what it builds",
                    "build the image beforehand and name it by its reference");
            return;
        }
        add(
                ProblemCode.QUADLET_NOT_FOUND,
                at,
                "no Quadlet directory has a file " + OptionValues.quoted(name),
                "add it to " + QuadletDirectories.VENDOR + ", or name what is meant itself");
    }

    void add(ProblemCode code, Assignment at, String message, String hint) {
        all.add(Problem.error(code, at.place(), message, hint));
    }

    /** Something that the unit lacks. */
    void lacks(ProblemCode code, String message, String hint) {
        all.add(Problem.error(code, Place.of(unit.path()), message, hint));
    }
}
