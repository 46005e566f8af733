package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the Containerfile of a {@code .build} unit, as Quadlet and {@code podman-build(1)} do. */
final class BuildFile {
    private static final List<String> DEFAULTS = List.of("Containerfile", "Dockerfile");

    private final RootTree root;
    private final QuadletValues values;
    private final Findings findings;

    BuildFile(RootTree root, QuadletValues values, Findings findings) {
        this.root = root;
        this.values = values;
        this.findings = findings;
    }

    /** The directory of the command, and the context when one is named. */
    private record Directories(Optional<String> working, Optional<String> context) {}

    /** Its path in the root; empty when there is none, which is told. */
    Optional<String> path() {
        Optional<Assignment> file = value("File");
        Optional<Assignment> directory = value("SetWorkingDirectory");
        boolean isAbsolute = file.filter(at -> at.value().startsWith("/")).isPresent();
        Optional<Assignment> fetched = file.filter(at -> QuadletChecks.isUrl(at.value()))
                .or(() -> directory.filter(at -> !isAbsolute).filter(at -> QuadletChecks.isUrl(at.value())));
        if (fetched.isPresent()) {
            values.error(
                    ProblemCode.QUADLET_BUILD,
                    fetched.get(),
                    "is fetched when the unit starts: what it builds from is not known before",
                    "put the context into the root, or build the image beforehand and name it by its reference");
            return Optional.empty();
        }
        List<String> candidates = candidates(file, directories(file, directory));
        Optional<String> found = candidates.stream().filter(this::isThere).findFirst();
        // Without any, Quadlet rejects the unit, which is told.
        if (found.isEmpty() && !candidates.isEmpty()) {
            findings.error(
                    ProblemCode.FILE_UNREADABLE,
                    file.or(() -> directory)
                            .map(Assignment::place)
                            .orElse(Place.of(values.unit().path())),
                    "leads to " + String.join(" or ", candidates) + ", which the root does not have",
                    "put the Containerfile into the root: what comes there later cannot be bound");
        }
        return found;
    }

    private Optional<Assignment> value(String key) {
        return expanded(values.unit().value(key));
    }

    private Optional<Assignment> expanded(Optional<Assignment> assignment) {
        return assignment.flatMap(at -> values.expanded(at).map(at::with));
    }

    private Directories directories(Optional<Assignment> file, Optional<Assignment> chosen) {
        QuadletUnit unit = values.unit();
        Optional<String> own = expanded(unit.last("Service", "WorkingDirectory")
                        .filter(at -> !at.value().isEmpty()))
                .map(Assignment::value);
        if (chosen.isEmpty()) {
            return new Directories(own, Optional.empty());
        }
        String value = chosen.get().value();
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "unit" -> new Directories(own.or(() -> Optional.of(unit.directory())), Optional.empty());
            case "file" ->
                new Directories(
                        own.or(() -> file.map(at -> parent(QuadletPaths.absolute(unit, at.value())))),
                        Optional.empty());
            default -> {
                if (value.startsWith("/") || QuadletChecks.isUrl(value)) {
                    yield new Directories(own, Optional.of(value));
                }
                yield own.isPresent()
                        ? new Directories(own, Optional.empty())
                        : new Directories(
                                Optional.of(unit.directory()), Optional.of(QuadletPaths.absolute(unit, value)));
            }
        };
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private static List<String> candidates(Optional<Assignment> file, Directories directories) {
        List<String> candidates = new ArrayList<>();
        if (file.isPresent()) {
            String name = file.get().value();
            if (name.startsWith("/")) {
                return List.of(QuadletPaths.clean(name));
            }
            directories.working().ifPresent(directory -> candidates.add(QuadletPaths.clean(directory + "/" + name)));
            directories.context().ifPresent(directory -> candidates.add(QuadletPaths.clean(directory + "/" + name)));
        } else {
            directories
                    .context()
                    .or(directories::working)
                    .ifPresent(directory ->
                            DEFAULTS.forEach(name -> candidates.add(QuadletPaths.clean(directory + "/" + name))));
        }
        return candidates;
    }

    private boolean isThere(String path) {
        try {
            return root.kind(path).isPresent();
        } catch (IOException e) {
            // There is something; what it is the reader tells.
            return true;
        }
    }
}
