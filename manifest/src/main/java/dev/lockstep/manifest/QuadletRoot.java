package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The units that Quadlet takes from a root. Of several files with one name it takes the first. A file that it cannot read loses it all units
 * of that directory, and the names of those that it had read already stay taken.
 */
final class QuadletRoot {
    private final QuadletVersion version;
    private final QuadletFiles files;
    private final QuadletDropIns dropIns;
    private final Map<String, QuadletUnit> taken = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, QuadletUnit> paths = new HashMap<>();
    private final Map<String, List<Problem>> lost = new LinkedHashMap<>();
    private final Map<String, List<Problem>> dropInProblems = new HashMap<>();
    private final Set<String> boundDirectories;
    private final List<Problem> problems;

    private QuadletRoot(RootTree root, QuadletVersion version, QuadletDirectories.Found found) {
        this.version = version;
        this.files = new QuadletFiles(root, new Findings());
        this.dropIns = new QuadletDropIns(root, files, version, found.directories());
        this.problems = found.problems();
        this.boundDirectories = found.directories().stream()
                .filter(QuadletDirectories.Directory::isBound)
                .map(QuadletDirectories.Directory::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Reads all of them. */
    static QuadletRoot read(RootTree root, QuadletVersion version) {
        QuadletDirectories.Found found = QuadletDirectories.search(root, version);
        QuadletRoot quadlet = new QuadletRoot(root, version, found);
        found.directories().forEach(quadlet::load);
        quadlet.taken.replaceAll((name, unit) -> quadlet.withDropIns(unit));
        quadlet.taken.values().forEach(unit -> quadlet.paths.put(unit.path(), unit));
        return quadlet;
    }

    private void load(QuadletDirectories.Directory directory) {
        List<QuadletUnit> good = new ArrayList<>();
        List<Problem> culprits = new ArrayList<>();
        for (Loaded loaded : loadAll(directory)) {
            culprits.addAll(loaded.content().problems());
            loaded.content().unit().ifPresent(unit -> {
                names.put(loaded.name(), directory.entry(loaded.name()));
                good.add(new QuadletUnit(directory.entry(loaded.name()), loaded.type(), unit, version));
            });
        }
        good.forEach(unit -> paths.put(unit.path(), unit));
        if (culprits.isEmpty()) {
            good.forEach(unit -> taken.put(unit.name(), unit));
        } else {
            lost.put(directory.path(), culprits);
        }
    }

    private record Loaded(String name, QuadletType type, QuadletFiles.Content content) {}

    /** Reads the files whose names are not taken yet, on all processors, in the order of their names. */
    private List<Loaded> loadAll(QuadletDirectories.Directory directory) {
        return directory.names().parallelStream()
                .filter(name -> !names.containsKey(name))
                .flatMap(name ->
                        typeOf(name).map(type -> new Loaded(name, type, files.content(directory.entry(name)))).stream())
                .toList();
    }

    private Optional<QuadletType> typeOf(String name) {
        return QuadletType.of(name).filter(type -> type != QuadletType.ARTIFACT || version.hasArtifacts());
    }

    private QuadletUnit withDropIns(QuadletUnit unit) {
        QuadletDropIns.Merged merged = dropIns.merge(unit.name(), unit.unit());
        dropInProblems.put(unit.path(), merged.problems());
        return new QuadletUnit(unit.path(), unit.type(), merged.unit(), version);
    }

    /** The units that become services, in the order in which they are found. */
    Collection<QuadletUnit> units() {
        return taken.values();
    }

    /** The unit that Quadlet takes for a name. */
    Optional<QuadletUnit> unit(String name) {
        return Optional.ofNullable(taken.get(name));
    }

    /** The path of the file that took a name, also when its directory is lost. */
    Optional<String> pathOf(String name) {
        return Optional.ofNullable(names.get(name));
    }

    /** Whether a path is that of a unit file which Quadlet reads. */
    boolean isUnit(String path) {
        return paths.containsKey(path);
    }

    /** The unit at the path of a file, with its drop-ins: one that is taken, one that is lost, or a file in none of the directories. */
    Optional<QuadletUnit> at(String path) {
        QuadletUnit known = paths.get(path);
        if (known != null) {
            return Optional.of(dropInProblems.containsKey(path) ? known : withDropIns(known));
        }
        QuadletFiles.Content content = files.content(path);
        Optional<QuadletType> type = typeOf(path.substring(path.lastIndexOf('/') + 1));
        if (type.isEmpty()) {
            dropInProblems.put(
                    path,
                    List.of(Problem.error(
                            ProblemCode.QUADLET_TYPE,
                            Place.of(path),
                            "is of a type that podman " + version + " does not know",
                            "put a newer podman into the image, or do not bind this unit")));
            return Optional.empty();
        }
        if (content.unit().isEmpty()) {
            dropInProblems.put(path, content.problems());
            return Optional.empty();
        }
        return Optional.of(
                withDropIns(new QuadletUnit(path, type.get(), content.unit().get(), version)));
    }

    /** What is wrong with a file that {@link #at} was asked for, and with its drop-ins. */
    List<Problem> problems(String path) {
        return dropInProblems.getOrDefault(path, List.of());
    }

    /** Why no unit of a directory becomes a service; empty when all do. */
    List<Problem> lost(String directory) {
        return lost.getOrDefault(directory, List.of());
    }

    /** The same for every directory. */
    List<Problem> lost() {
        return lost.values().stream().flatMap(List::stream).toList();
    }

    /** Directories that cannot be read. */
    List<Problem> problems() {
        return problems;
    }

    /** Whether a unit is in a {@code bootc-bound} directory. */
    boolean isBoundByPlace(QuadletUnit unit) {
        return boundDirectories.contains(unit.directory());
    }

    QuadletVersion version() {
        return version;
    }
}
