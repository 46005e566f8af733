package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for drop-ins that change what a bound unit fetches. They are not merged into the unit; so that they are not silently ignored either,
 * each is an error.
 */
final class QuadletDropIns {
    private final RootTree root;
    private final QuadletFiles files;
    private final Findings findings;

    QuadletDropIns(RootTree root, QuadletFiles files, Findings findings) {
        this.root = root;
        this.files = files;
        this.findings = findings;
    }

    /**
     * Tells each drop-in of a unit that sets one of the keys.
     *
     * @param unit the unit file's real path
     * @param directories the directories that hold unit files
     */
    void tell(String unit, List<String> directories, String section, Set<String> keys) {
        int slash = unit.lastIndexOf('/');
        Set<String> places = new LinkedHashSet<>(List.of(unit.substring(0, slash)));
        places.addAll(directories);
        for (String place : places) {
            for (String name : names(unit.substring(slash + 1))) {
                tellDirectory(unit, place + "/" + name, section, keys);
            }
        }
    }

    private void tellDirectory(String unit, String directory, String section, Set<String> keys) {
        try {
            if (root.kind(directory).filter(FileKind.DIRECTORY::equals).isEmpty()) {
                return;
            }
            for (String name : root.list(directory).map(RootTree.Listing::names).orElse(List.of())) {
                String file = directory + "/" + name;
                if (name.endsWith(".conf") && !Masks.isMasked(root, file)) {
                    files.unit(file).ifPresent(dropIn -> tellKeys(unit, file, dropIn, section, keys));
                }
            }
        } catch (IOException e) {
            findings.error(
                    ProblemCode.FILE_UNREADABLE,
                    Place.of(directory),
                    Findings.words(e),
                    "Quadlet reads drop-ins of " + unit + " from here: mend or remove it");
        }
    }

    private void tellKeys(String unit, String file, UnitFile dropIn, String section, Set<String> keys) {
        for (UnitFile.Assignment assignment : dropIn.assignments()) {
            if (assignment.section().equals(section) && keys.contains(assignment.key())) {
                findings.error(
                        ProblemCode.QUADLET_DROP_IN,
                        Place.of(file, assignment.line(), assignment.key()),
                        "changes what " + unit + " fetches, and drop-ins are not read for bound images",
                        "set " + assignment.key() + "= in the unit itself");
            }
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
        String template = at < 0 ? "" : "@";
        if (at >= 0 && at < base.length() - 1) {
            names.add(stem + "@" + type + ".d");
        }
        for (int dash = stem.lastIndexOf('-', stem.length() - 2); dash > 0; dash = stem.lastIndexOf('-', dash - 1)) {
            if (!template.isEmpty()) {
                names.add(stem.substring(0, dash + 1) + template + type + ".d");
            }
            names.add(stem.substring(0, dash + 1) + type + ".d");
        }
        names.add(type.substring(1) + ".d");
        return names;
    }
}
