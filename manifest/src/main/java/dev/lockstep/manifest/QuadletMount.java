package dev.lockstep.manifest;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The value of {@code Mount=}, as Quadlet reads it. */
sealed interface QuadletMount {
    /** Types whose source Quadlet looks at; the others it hands on as they stand. */
    Set<String> RESOLVED = Set.of("volume", "bind", "glob", "image", "artifact");

    /**
     * A mount.
     *
     * @param source empty when there is none
     */
    record Mount(String type, String source) implements QuadletMount {}

    /** Quadlet rejects the unit. */
    record Malformed(String message, String hint) implements QuadletMount {}

    static QuadletMount parse(String text, QuadletVersion version) {
        Optional<List<String>> fields = CsvRecord.parse(text);
        if (fields.isEmpty()) {
            return new Malformed("is not a list of options with commas between them", "write type=…,source=…");
        }
        Optional<String> typed = fields.get().stream()
                .filter(field -> field.startsWith("type=") && field.indexOf('=', "type=".length()) < 0)
                .map(field -> field.substring("type=".length()))
                .findFirst();
        if (typed.isEmpty() && !version.mountHasDefaultType()) {
            return new Malformed("has no type", "begin it with type=");
        }
        String type = typed.orElse("volume");
        String source = "";
        boolean resolved = RESOLVED.contains(type) && (!type.equals("artifact") || version.hasArtifacts());
        for (String field : fields.get()) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? field : field.substring(0, equals);
            if (key.equals("source") || key.equals("src")) {
                if (equals < 0 && resolved) {
                    return new Malformed("has a source without a value", "write source=…");
                }
                source = equals < 0 ? source : field.substring(equals + 1);
            }
        }
        if (source.isEmpty() && resolved && !(type.equals("volume") && version.volumeNeedsNoSource())) {
            return new Malformed(
                    version.survivesMountWithoutSource()
                            ? "has no source"
                            : "has no source, of which Quadlet " + version + " dies with all that comes after",
                    "write source=…");
        }
        return new Mount(type, source);
    }
}
