package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;

/** Short forms of what a root's reading told, for tests. */
final class Told {
    private Told() {}

    static List<String> images(BoundImages bound) {
        return bound.images().stream()
                .map(image -> image.reference().toString())
                .toList();
    }

    /** {@code CODE file:line key}, without the directories of the file. */
    static List<String> problems(BoundImages bound) {
        return bound.problems().stream()
                .map(problem -> problem.code() + " "
                        + problem.file().substring(problem.file().lastIndexOf('/') + 1)
                        + (problem.line().isPresent() ? ":" + problem.line().getAsInt() : "")
                        + problem.key().map(key -> " " + key).orElse(""))
                .toList();
    }

    /** {@code file:line kind} of each source. */
    static List<String> places(BoundImage image) {
        return image.sources().stream()
                .map(source -> source.file() + ":" + source.line() + " "
                        + source.kind().name().toLowerCase(Locale.ROOT))
                .toList();
    }

    static BoundImage onlyImage(BoundImages bound) {
        assertThat(bound.problems()).isEmpty();
        assertThat(bound.images()).hasSize(1);
        return bound.images().getFirst();
    }
}
