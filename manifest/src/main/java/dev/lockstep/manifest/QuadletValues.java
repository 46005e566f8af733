package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The values of one unit as podman will see them, after systemd. What is wrong with one goes to the findings. */
final class QuadletValues {
    private final QuadletUnit unit;
    private final Function<Character, Optional<String>> specifiers;
    private final Findings findings;

    QuadletValues(QuadletUnit unit, Specifiers specifiers, Findings findings) {
        this.unit = unit;
        this.specifiers = specifiers.of(unit);
        this.findings = findings;
    }

    /** The text that podman sees of a value that is a word of its own; empty when that is not known. */
    Optional<String> expanded(Assignment assignment) {
        return told(assignment, SystemdText.expand(assignment.value(), specifiers));
    }

    /** The same for a value that is a part of a word. */
    Optional<String> expandedInside(Assignment assignment) {
        return told(assignment, SystemdText.expandInside(assignment.value(), specifiers));
    }

    private Optional<String> told(Assignment assignment, SystemdText.Expanded expanded) {
        String value = assignment.value();
        if (value.startsWith("\"") || value.endsWith("\"")) {
            error(
                    ProblemCode.QUADLET_SYNTAX,
                    assignment,
                    "has a quotation mark at one end that versions of Quadlet read differently",
                    "write the value without quotation marks");
            return Optional.empty();
        }
        if (value.indexOf('\uFFFD') >= 0) {
            error(ProblemCode.QUADLET_SYNTAX, assignment, "is not UTF-8", "write the file in UTF-8");
            return Optional.empty();
        }
        return switch (expanded) {
            case SystemdText.Text text -> Optional.of(text.value());
            case SystemdText.Unknown unknown -> {
                error(
                        ProblemCode.QUADLET_SPECIFIER,
                        assignment,
                        "'" + unknown.what() + "' has no value before the host runs",
                        "write the value out; a percent sign is %%, a dollar sign $$");
                yield Optional.empty();
            }
        };
    }

    /** A reference; empty when it is none. */
    Optional<ImageReference> reference(Assignment assignment, String text) {
        return findings.reference(text, assignment.place());
    }

    /** The text of an option; a value is never echoed here: a key's passphrase may be part of it. */
    Optional<String> text(Optional<Assignment> assignment, Predicate<String> isPossible, String wanted) {
        Optional<String> text = assignment.flatMap(this::expanded);
        if (text.isPresent() && !isPossible.test(text.get())) {
            error(ProblemCode.QUADLET_VALUE, assignment.get(), "has an impossible value", "give " + wanted);
            return Optional.empty();
        }
        return text;
    }

    QuadletUnit unit() {
        return unit;
    }

    void error(ProblemCode code, Assignment assignment, String message, String hint) {
        findings.error(code, assignment.place(), message, hint);
    }

    void warning(ProblemCode code, Assignment assignment, String message, String hint) {
        findings.warning(code, assignment.place(), message, hint);
    }
}
