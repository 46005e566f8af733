package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.Optional;

/**
 * One Quadlet file while it is read: its values as podman will see them. What is wrong with a value goes to the findings, once.
 *
 * @param file absolute path inside the root
 * @param section the unit's own section, {@code Image} or {@code Container}
 */
record QuadletUnit(String file, String section, UnitFile unit, Findings findings) {

    /** The assignment that counts, with its quotes off; empty when there is none or its value is empty. */
    Optional<Assignment> value(String key) {
        return unit.last(section, key)
                .map(QuadletUnit::unquoted)
                .filter(assignment -> !assignment.value().isEmpty());
    }

    private static Assignment unquoted(Assignment assignment) {
        String value = UnicodeSpace.trimEnd(assignment.value());
        boolean pair = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return new Assignment(
                assignment.section(),
                assignment.key(),
                pair ? value.substring(1, value.length() - 1) : value,
                assignment.line());
    }

    /** The text that podman sees; empty when that is not known, which is then told. */
    Optional<String> expanded(Assignment assignment) {
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
        return switch (SystemdText.expand(value)) {
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

    /** The text of a key that may be absent. */
    Optional<String> text(String key) {
        return value(key).flatMap(this::expanded);
    }

    /** Reads a reference; empty when it is none, which is then told. */
    Optional<ImageReference> reference(Assignment assignment, String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (IllegalArgumentException e) {
            error(
                    ProblemCode.IMAGE_REFERENCE,
                    assignment,
                    Findings.words(e),
                    "write registry/repository:tag or registry/repository@sha256:…");
            return Optional.empty();
        }
    }

    void error(ProblemCode code, Assignment assignment, String message, String hint) {
        findings.error(code, Place.of(file, assignment.line(), assignment.key()), message, hint);
    }

    void warning(ProblemCode code, Assignment assignment, String message, String hint) {
        findings.warning(code, Place.of(file, assignment.line(), assignment.key()), message, hint);
    }
}
