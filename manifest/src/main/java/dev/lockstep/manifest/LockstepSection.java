package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code [X-Lockstep]} of a Quadlet file or of a drop-in, which Quadlet itself ignores.
 *
 * @param bound {@code Bound=}: whether the unit's images are bound; empty leaves it to where the unit is and what links to it
 * @param mode {@code Mode=}: how strongly
 */
record LockstepSection(Optional<Boolean> bound, Mode mode) {
    private static final String NAME = "X-Lockstep";
    private static final List<String> KEYS = List.of("Bound", "Mode");
    private static final Set<String> TRUE = Set.of("1", "yes", "true", "on");
    private static final Set<String> FALSE = Set.of("0", "no", "false", "off");

    static LockstepSection of(QuadletUnit unit, Findings findings) {
        for (Assignment assignment : unit.section(NAME)) {
            if (!KEYS.contains(assignment.key())) {
                findings.error(
                        ProblemCode.QUADLET_UNKNOWN_KEY,
                        assignment.place(),
                        "is not a key of [" + NAME + "]",
                        OptionValues.nearest(assignment.key(), KEYS)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("the keys are Bound and Mode"));
            }
        }
        return new LockstepSection(bound(unit, findings), mode(unit, findings));
    }

    private static Optional<Boolean> bound(QuadletUnit unit, Findings findings) {
        Optional<Assignment> at = value(unit, "Bound");
        String value = at.map(Assignment::value).orElse("").toLowerCase(Locale.ROOT);
        if (at.isPresent() && !TRUE.contains(value) && !FALSE.contains(value)) {
            impossible(at.get(), "write true or false", findings);
            // Whoever wrote the key wanted to say something of this unit.
            return Optional.of(true);
        }
        return at.map(present -> TRUE.contains(value));
    }

    private static Mode mode(QuadletUnit unit, Findings findings) {
        Optional<Assignment> at = value(unit, "Mode");
        if (at.isEmpty() || at.get().value().equals("bind")) {
            return Mode.BIND;
        }
        if (at.get().value().equals("prefetch")) {
            return Mode.PREFETCH;
        }
        impossible(at.get(), "write bind or prefetch", findings);
        return Mode.BIND;
    }

    private static Optional<Assignment> value(QuadletUnit unit, String key) {
        return unit.last(NAME, key).filter(at -> !at.value().isEmpty());
    }

    private static void impossible(Assignment at, String hint, Findings findings) {
        findings.error(ProblemCode.QUADLET_VALUE, at.place(), "has an impossible value", hint);
    }
}
