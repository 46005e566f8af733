package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directories of a root in which Quadlet, run by the system's manager, looks for unit files, in its order: {@code /run}, {@code /etc},
 * {@code /usr}, and each of them before its subdirectories, in the order of their names. Links to directories are followed, each directory
 * once; directories of drop-ins and of users are left out.
 */
final class QuadletDirectories {
    /** Where an image puts its files. */
    static final String VENDOR = "/usr/share/containers/systemd";

    private static final String RUNTIME = "/run/containers/systemd";
    private static final String ADMINISTRATOR = "/etc/containers/systemd";
    private static final String USERS = ADMINISTRATOR + "/users";
    /** More than any real root has. */
    private static final int MOST_DIRECTORIES = 4096;

    private final RootTree root;
    private final List<Directory> directories = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private String users = USERS;

    private QuadletDirectories(RootTree root) {
        this.root = root;
    }

    /**
     * One directory.
     *
     * @param path absolute path inside the root, without links
     * @param names of its entries, in the order of their bytes
     * @param isBound whether the way to it goes through a {@code bootc-bound} directory
     */
    record Directory(String path, List<String> names, boolean isBound) {
        /** The path of an entry. */
        String entry(String name) {
            return path.equals("/") ? "/" + name : path + "/" + name;
        }
    }

    /**
     * What the search found.
     *
     * @param problems what could not be read
     */
    record Found(List<Directory> directories, List<Problem> problems) {}

    static Found search(RootTree root, QuadletVersion version) {
        QuadletDirectories search = new QuadletDirectories(root);
        try {
            // Quadlet compares texts, and follows the links of this one only when it is there.
            search.users = root.resolve(USERS).orElse(USERS);
        } catch (IOException e) {
            search.users = USERS;
        }
        search.walk(RUNTIME, true);
        search.walk(ADMINISTRATOR, true);
        search.walk(VENDOR, version.skipsUsersEverywhere());
        return new Found(List.copyOf(search.directories), List.copyOf(search.problems));
    }

    private record Ahead(String path, boolean isBound) {}

    private void walk(String start, boolean filtered) {
        Deque<Ahead> ahead = new ArrayDeque<>(List.of(new Ahead(start, false)));
        while (!ahead.isEmpty()) {
            Ahead next = ahead.pop();
            try {
                enter(next, filtered).reversed().forEach(ahead::push);
            } catch (IOException e) {
                problems.add(Problem.error(
                        ProblemCode.FILE_UNREADABLE,
                        Place.of(next.path()),
                        Findings.words(e),
                        "Quadlet reads this directory: mend or remove it"));
            }
        }
    }

    /** Takes one directory, and gives its subdirectories. */
    private List<Ahead> enter(Ahead next, boolean filtered) throws IOException {
        Optional<String> real = root.resolve(next.path());
        if (real.isEmpty()
                || real.get().endsWith(".d")
                || (filtered && real.get().startsWith(users))
                || seen.contains(real.get())) {
            return List.of();
        }
        if (seen.size() == MOST_DIRECTORIES) {
            throw new IOException("is beyond the first " + MOST_DIRECTORIES + " directories");
        }
        Optional<RootTree.Listing> listing = root.list(real.get());
        if (listing.isEmpty()) {
            return List.of();
        }
        seen.add(real.get());
        boolean isBound = next.isBound() || next.path().endsWith("/bootc-bound");
        Directory directory = new Directory(real.get(), listing.get().names(), isBound);
        directories.add(directory);
        listing.get().foreign().forEach(name -> foreign(directory, name));
        // A file may be a directory the next time.
        directory.names().forEach(name -> root.alsoLookedAt(directory.entry(name)));
        List<Ahead> below = new ArrayList<>();
        for (String name : listing.get().perhapsDirectories()) {
            if (isDirectory(directory.entry(name))) {
                below.add(new Ahead(directory.entry(name), isBound));
            }
        }
        return below;
    }

    private void foreign(Directory directory, String name) {
        if (QuadletType.of(name).isPresent()) {
            problems.add(Problem.error(
                    ProblemCode.FILE_NAME,
                    Place.of(directory.entry(name)),
                    "has a name that is not UTF-8",
                    "rename the file"));
        }
    }

    private boolean isDirectory(String path) throws IOException {
        try {
            return root.kind(path).filter(FileKind.DIRECTORY::equals).isPresent();
        } catch (UnreadableException e) {
            return false;
        }
    }
}
