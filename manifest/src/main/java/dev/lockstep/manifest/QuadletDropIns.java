package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Merges the drop-ins of a unit into it, as Quadlet does. Files and directories that many units share are read once. */
final class QuadletDropIns {
    private final RootTree root;
    private final QuadletFiles files;
    private final QuadletVersion version;
    private final List<QuadletDirectories.Directory> directories;
    private final Map<String, Set<String>> entries = new HashMap<>();
    private final Map<String, Names> listings = new HashMap<>();
    private final Map<String, QuadletFiles.Content> contents = new HashMap<>();

    QuadletDropIns(
            RootTree root, QuadletFiles files, QuadletVersion version, List<QuadletDirectories.Directory> directories) {
        this.root = root;
        this.files = files;
        this.version = version;
        this.directories = directories;
        directories.forEach(directory -> entries.put(directory.path(), new HashSet<>(directory.names())));
    }

    /** What is in one directory of drop-ins, or why that is not known. */
    private record Names(List<String> names, List<Problem> problems) {}

    /** A unit with its drop-ins, and what is wrong with these. */
    record Merged(UnitFile unit, List<Problem> problems) {}

    /** Adds the drop-ins of a unit, in the order of their names, after its own lines. */
    Merged merge(String name, UnitFile unit) {
        List<Problem> problems = new ArrayList<>();
        // Names are compared by their bytes, which for UTF-8 is the order of code points.
        Map<String, String> taken = new TreeMap<>(QuadletDropIns::compareCodePoints);
        for (String directory : places(name)) {
            Names listed = listings.computeIfAbsent(directory, this::list);
            problems.addAll(listed.problems());
            listed.names().forEach(file -> taken.putIfAbsent(file, directory + "/" + file));
        }
        UnitFile merged = unit;
        for (String file : taken.values()) {
            QuadletFiles.Content content = contents.computeIfAbsent(file, files::content);
            problems.addAll(content.problems());
            if (content.unit().isPresent()) {
                merged = merged.merged(content.unit().get());
            }
        }
        return new Merged(merged, problems);
    }

    /** The directories to look in, first one first. */
    private List<String> places(String unit) {
        List<String> places = new ArrayList<>();
        List<String> names = names(unit);
        if (version.dropInsBySpecificity()) {
            names.forEach(name -> directories.forEach(directory -> add(places, directory, name)));
        } else {
            directories.forEach(directory -> names.forEach(name -> add(places, directory, name)));
        }
        return places;
    }

    private void add(List<String> places, QuadletDirectories.Directory directory, String name) {
        if (entries.getOrDefault(directory.path(), Set.of()).contains(name)) {
            places.add(directory.entry(name));
        }
    }

    private Names list(String directory) {
        try {
            Optional<RootTree.Listing> listing = root.list(directory);
            return new Names(
                    listing.map(RootTree.Listing::names).orElse(List.of()).stream()
                            .filter(name -> name.endsWith(".conf"))
                            .toList(),
                    List.of());
        } catch (IOException e) {
            return new Names(
                    List.of(),
                    List.of(Problem.error(
                            ProblemCode.QUADLET_DROP_IN,
                            Place.of(directory),
                            Findings.words(e),
                            "Quadlet reads drop-ins from here: make it a directory, or remove it")));
        }
    }

    /** The names of a unit's drop-in directories, most specific first. */
    static List<String> names(String unit) {
        int dot = unit.lastIndexOf('.');
        String base = unit.substring(0, dot);
        String type = unit.substring(dot);
        List<String> names = new ArrayList<>(List.of(unit + ".d"));
        int at = base.indexOf('@');
        String stem = at < 0 ? base : base.substring(0, at);
        if (at >= 0 && at < base.length() - 1) {
            names.add(stem + "@" + type + ".d");
        }
        for (int dash = stem.lastIndexOf('-'); dash >= 0; dash = stem.lastIndexOf('-', dash - 1)) {
            if (at >= 0) {
                names.add(stem.substring(0, dash + 1) + "@" + type + ".d");
            }
            names.add(stem.substring(0, dash + 1) + type + ".d");
        }
        names.add(type.substring(1) + ".d");
        return names;
    }

    private static int compareCodePoints(String one, String other) {
        int i = 0;
        while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
            i++;
        }
        if (i == one.length() || i == other.length()) {
            return Integer.compare(one.length(), other.length());
        }
        boolean surrogates = Character.isSurrogate(one.charAt(i)) != Character.isSurrogate(other.charAt(i));
        int order = Character.compare(one.charAt(i), other.charAt(i));
        return surrogates ? (Character.isSurrogate(one.charAt(i)) ? 1 : -1) : order;
    }
}
