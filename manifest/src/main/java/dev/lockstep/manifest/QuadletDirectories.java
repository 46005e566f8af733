package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where Quadlet itself finds unit files in a root, and which of two files with the same name it takes: {@code /etc} before {@code /usr}, and
 * within one of them a directory before its subdirectories, in the order of their names. Links to directories are followed, each directory
 * once.
 */
final class QuadletDirectories {
    private static final String ADMINISTRATOR = "/etc/containers/systemd";
    private static final List<String> ROOTS = List.of(ADMINISTRATOR, "/usr/share/containers/systemd");
    /** More than any real root has. */
    private static final int MOST_DIRECTORIES = 4096;

    private final List<String> directories;
    private final Map<String, String> units;

    private QuadletDirectories(List<String> directories, Map<String, String> units) {
        this.directories = List.copyOf(directories);
        this.units = Map.copyOf(units);
    }

    /** Searches the root; what cannot be read is told and left out. */
    static QuadletDirectories search(RootTree root, Findings findings) {
        Search search = new Search(root, findings);
        ROOTS.forEach(search::walk);
        return new QuadletDirectories(new ArrayList<>(search.seen), search.units);
    }

    /** Real paths of all directories that hold unit files. */
    List<String> directories() {
        return directories;
    }

    /** The file that Quadlet takes for a unit's name, links in its last component not followed. */
    Optional<String> find(String name) {
        return Optional.ofNullable(units.get(name));
    }

    private static final class Search {
        private final RootTree root;
        private final Findings findings;
        private final Set<String> seen = new LinkedHashSet<>();
        private final Map<String, String> units = new LinkedHashMap<>();
        private Optional<String> rootless = Optional.empty();

        Search(RootTree root, Findings findings) {
            this.root = root;
            this.findings = findings;
        }

        void walk(String start) {
            Deque<String> ahead = new ArrayDeque<>(List.of(start));
            while (!ahead.isEmpty()) {
                String directory = ahead.pop();
                try {
                    enter(directory).reversed().forEach(ahead::push);
                } catch (IOException e) {
                    findings.error(
                            ProblemCode.FILE_UNREADABLE,
                            Place.of(directory),
                            Findings.words(e),
                            "Quadlet reads this directory: mend or remove it");
                }
            }
        }

        /** Takes the units of one directory, and gives its subdirectories. */
        private List<String> enter(String directory) throws IOException {
            Optional<String> real = root.resolve(directory);
            if (real.isEmpty() || real.get().endsWith(".d") || isRootless(directory, real.get())) {
                return List.of();
            }
            if (seen.contains(real.get())) {
                return List.of();
            }
            if (seen.size() == MOST_DIRECTORIES) {
                throw new IOException("is beyond the first " + MOST_DIRECTORIES + " directories");
            }
            List<String> below = new ArrayList<>();
            Optional<RootTree.Listing> listing = root.list(real.get());
            seen.add(real.get());
            for (String name : listing.map(RootTree.Listing::names).orElse(List.of())) {
                String path = real.get().equals("/") ? "/" + name : real.get() + "/" + name;
                if (isDirectory(path)) {
                    below.add(path);
                } else {
                    units.putIfAbsent(name, path);
                }
            }
            return below;
        }

        private boolean isDirectory(String path) throws IOException {
            try {
                return root.kind(path).filter(FileKind.DIRECTORY::equals).isPresent();
            } catch (UnreadableException e) {
                return false;
            }
        }

        /** Units of users, which the generator of the system skips by the prefix of the path. */
        private boolean isRootless(String directory, String real) {
            if (directory.equals(ADMINISTRATOR)) {
                rootless = Optional.of(real + "/users");
            }
            return rootless.filter(real::startsWith).isPresent();
        }
    }
}
