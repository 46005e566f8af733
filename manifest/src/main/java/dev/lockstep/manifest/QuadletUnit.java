package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One Quadlet file with its drop-ins, and its values as Quadlet looks them up. None of this fails: what is wrong with a value is for those who
 * use it.
 *
 * @param path absolute path inside the root: the directory without links, and the name that the unit has there
 * @param instance of which instance of its service this is, for a template that has one without a file of its own
 */
record QuadletUnit(String path, QuadletType type, UnitFile unit, QuadletVersion version, Optional<String> instance) {
    private static final Set<String> TRUE = Set.of("1", "yes", "true", "on");

    QuadletUnit(String path, QuadletType type, UnitFile unit, QuadletVersion version) {
        this(path, type, unit, version, Optional.empty());
    }

    /** One instance of this template. */
    QuadletUnit instance(String name) {
        return new QuadletUnit(path, type, unit, version, Optional.of(name));
    }

    /** The name by which others refer to it, such as {@code web.container}. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name without its ending; {@code .image} has no ending to take off. */
    String stem() {
        int dot = name().lastIndexOf('.');
        return dot > 0 ? name().substring(0, dot) : name();
    }

    /** The directory that relative paths are relative to. */
    String directory() {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** The name of the generated unit, without {@code .service}. */
    String service() {
        return generated() + instance.orElse("");
    }

    private String generated() {
        Optional<Assignment> chosen = last("ServiceName");
        if (chosen.isPresent()) {
            return chosen.get().value();
        }
        String stem = stem();
        boolean template = version.keepsTemplates() && stem.endsWith("@");
        return template ? stem.substring(0, stem.length() - 1) + type.suffix() + "@" : stem + type.suffix();
    }

    /** The assignment of a key of the own section that counts, the last one, without its quotation marks; it may be empty. */
    Optional<Assignment> last(String key) {
        return last(type.section(), key);
    }

    Optional<Assignment> last(String section, String key) {
        return unit.last(section, key).map(this::unquoted);
    }

    /** The assignment that counts, unless its value is empty. */
    Optional<Assignment> value(String key) {
        return last(key).filter(assignment -> !assignment.value().isEmpty());
    }

    /** Whether a boolean key is set, and to what: everything but a word for yes is no. */
    Optional<Boolean> flag(String key) {
        return last(key).map(assignment -> isTrue(assignment.value()));
    }

    static boolean isTrue(String value) {
        return TRUE.contains(value.toLowerCase(Locale.ROOT));
    }

    private Assignment unquoted(Assignment assignment) {
        String value = UnicodeSpace.trimEnd(assignment.value());
        return assignment.with(version.unquotesPairs() ? withoutPair(value) : withoutAll(value));
    }

    private static String withoutPair(String value) {
        boolean pair = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return pair ? value.substring(1, value.length() - 1) : value;
    }

    private static String withoutAll(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && value.charAt(start) == '"') {
            start++;
        }
        while (end > start && value.charAt(end - 1) == '"') {
            end--;
        }
        return value.substring(start, end);
    }

    /** Every assignment of a list; an empty one forgets those before it. */
    List<Assignment> all(String key) {
        return all(type.section(), key);
    }

    List<Assignment> all(String section, String key) {
        List<Assignment> values = new ArrayList<>();
        for (Assignment assignment : unit.assignments()) {
            if (assignment.section().equals(section) && assignment.key().equals(key)) {
                if (assignment.value().isEmpty()) {
                    values.clear();
                } else {
                    values.add(assignment);
                }
            }
        }
        return values;
    }

    /** The words of a list of words; a line with an open quotation mark is left out, as Quadlet does. */
    List<Assignment> words(String section, String key) {
        return split(section, key, ExecWords::strings);
    }

    /** The words of a list of arguments; a line with an unknown escape is left out, as Quadlet does. */
    List<Assignment> arguments(String key) {
        return split(type.section(), key, ExecWords::arguments);
    }

    private List<Assignment> split(String section, String key, Function<String, Optional<List<String>>> splitter) {
        List<Assignment> words = new ArrayList<>();
        for (Assignment line : all(section, key)) {
            splitter.apply(line.value()).orElse(List.of()).forEach(word -> words.add(line.with(word)));
        }
        return words;
    }

    /** The assignments of one section, in their order. */
    List<Assignment> section(String section) {
        return unit.assignments().stream()
                .filter(assignment -> assignment.section().equals(section))
                .toList();
    }
}
