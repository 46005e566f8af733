package dev.lockstep.manifest;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something in a root that an image builder has to mend.
 *
 * @param severity whether it fails the staging
 * @param code the name of a {@link ProblemCode}
 * @param file absolute path inside the root
 * @param line 1-based, empty when the whole file is meant
 * @param key the key at fault
 * @param message what is wrong
 * @param hint what to do about it
 */
public record Problem(
        Severity severity,
        String code,
        String file,
        OptionalInt line,
        Optional<String> key,
        String message,
        String hint) {

    /** Whether a problem fails the staging of its root. */
    public enum Severity {
        /** The bound set cannot be trusted: the root is not staged. */
        ERROR,
        /** Worth telling, holds nothing. */
        WARNING
    }

    static Problem error(ProblemCode code, Place place, String message, String hint) {
        return new Problem(Severity.ERROR, code.name(), place.file(), place.line(), place.key(), message, hint);
    }

    static Problem warning(ProblemCode code, Place place, String message, String hint) {
        return new Problem(Severity.WARNING, code.name(), place.file(), place.line(), place.key(), message, hint);
    }

    /** The same, holding nothing. */
    Problem asWarning() {
        return new Problem(Severity.WARNING, code, file, line, key, message, hint);
    }

    /**
     * {@code /usr/…/a.image:3: Image: message (hint)}, the shape of a compiler's message. Control characters, which a foreign file may hold,
     * are written as their number: this is safe for a terminal.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        line.ifPresent(number -> text.append(':').append(number));
        key.ifPresent(name -> text.append(": ").append(name));
        return printable(
                text.append(": ").append(message).append(" (").append(hint).append(')'));
    }

    private static String printable(CharSequence text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .forEach(point -> safe.append(
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
                                ? String.format("\\u%04x", point)
                                : Character.toString(point)));
        return safe.toString();
    }
}
