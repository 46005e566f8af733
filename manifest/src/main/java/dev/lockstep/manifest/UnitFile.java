package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Quadlet file as podman's own parser (5.4 and later) reads it, which differs from systemd's: a continuation adds no space, comments and
 * blank lines inside one are skipped, and every line is trimmed.
 *
 * @param assignments in the order of the file; a section that is repeated simply goes on
 */
record UnitFile(List<Assignment> assignments) {

    UnitFile {
        assignments = List.copyOf(assignments);
    }

    /**
     * One {@code key=value}.
     *
     * @param value without the white space around it, quotes still on
     * @param line 1-based, of the first of the lines it spans
     * @param file absolute path inside the root; empty for a text that is of no file
     */
    record Assignment(String section, String key, String value, int line, String file) {

        Assignment(String section, String key, String value, int line) {
            this(section, key, value, line, "");
        }

        /** The same place with another value: unquoted, or one word of several. */
        Assignment with(String other) {
            return new Assignment(section, key, other, line, file);
        }

        Place place() {
            return Place.of(file, line, key);
        }
    }

    /** What came of reading a file's text. */
    sealed interface Parsed {}

    /** The text is a unit file. */
    record Good(UnitFile unit) implements Parsed {}

    /** Quadlet rejects the file, and with it every unit of its directory. */
    record Malformed(int line, String message) implements Parsed {}

    static Parsed parse(String text) {
        return parse("", text);
    }

    /** Reads the text of a file, whose name goes into every assignment. */
    static Parsed parse(String file, String text) {
        List<Assignment> assignments = new ArrayList<>();
        Optional<String> section = Optional.empty();
        List<Line> lines = logicalLines(text);
        for (Line line : lines) {
            Optional<String> header = sectionName(line.text());
            int equals = line.text().indexOf('=');
            if (header.isPresent()) {
                if (!isSectionName(header.get())) {
                    return new Malformed(line.number(), "is not a possible section name");
                }
                section = header;
            } else if (equals <= 0) {
                return new Malformed(line.number(), "is neither a section, nor key=value, nor a comment");
            } else if (section.isEmpty()) {
                return new Malformed(line.number(), "comes before any [section]");
            } else {
                String key = stripAsciiTrailing(line.text().substring(0, equals));
                if (key.isEmpty()) {
                    return new Malformed(line.number(), "has no key before '='");
                }
                String value = stripAscii(line.text().substring(equals + 1));
                assignments.add(new Assignment(section.get(), key, value, line.number(), file));
            }
        }
        return new Good(new UnitFile(assignments));
    }

    /** This file with a drop-in's lines after its own. */
    UnitFile merged(UnitFile dropIn) {
        List<Assignment> both = new ArrayList<>(assignments);
        both.addAll(dropIn.assignments);
        return new UnitFile(both);
    }

    /** The assignment that counts: the last one, even if it is empty. */
    Optional<Assignment> last(String section, String key) {
        // Asked for every key of every unit, so no stream is made for it.
        for (int i = assignments.size() - 1; i >= 0; i--) {
            Assignment assignment = assignments.get(i);
            if (assignment.key().equals(key) && assignment.section().equals(section)) {
                return Optional.of(assignment);
            }
        }
        return Optional.empty();
    }

    /** A line with its continuations, trimmed. */
    private record Line(String text, int number) {}

    private static List<Line> logicalLines(String text) {
        String[] physical = (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1);
        List<Line> lines = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        int start = 1;
        for (int i = 0; i < physical.length; i++) {
            String line = UnicodeSpace.trim(physical[i]);
            if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
                continue;
            }
            boolean continued = line.endsWith("\\");
            if (pending.isEmpty()) {
                start = i + 1;
                if (!continued) {
                    lines.add(new Line(line, start));
                    continue;
                }
            }
            pending.append(line, 0, continued ? line.length() - 1 : line.length());
            if (!continued || i == physical.length - 1) {
                lines.add(new Line(pending.toString(), start));
                pending.setLength(0);
            }
        }
        // What is still pending when the file ends with comments is lost, as it is for Quadlet.
        lines.removeIf(line -> isComment(line.text()));
        return lines;
    }

    private static boolean isComment(String line) {
        return line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';';
    }

    private static Optional<String> sectionName(String line) {
        int end = line.indexOf(']');
        if (!line.startsWith("[") || end < 0) {
            return Optional.empty();
        }
        boolean blankRest = line.substring(end + 1).chars().allMatch(c -> c == ' ' || c == '\t');
        return blankRest ? Optional.of(line.substring(1, end)) : Optional.empty();
    }

    private static boolean isSectionName(String name) {
        return !name.isEmpty() && name.indexOf('[') < 0 && name.chars().noneMatch(Character::isISOControl);
    }

    private static String stripAsciiTrailing(String text) {
        int end = text.length();
        while (end > 0 && UnicodeSpace.isAsciiSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** White space before a value; what is behind it went with the line. */
    private static String stripAscii(String text) {
        int start = 0;
        while (start < text.length() && UnicodeSpace.isAsciiSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }
}
