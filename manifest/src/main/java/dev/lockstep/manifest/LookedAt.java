package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Follows paths of a root link by link, so that every path that has a say in where they lead is known. */
final class LookedAt {
    /** As many links as the kernel follows. */
    private static final int MOST_LINKS = 40;

    private final RootTree root;

    LookedAt(RootTree root) {
        this.root = root;
    }

    Set<String> of(Set<String> paths) throws IOException {
        Set<String> found = new TreeSet<>();
        for (String path : paths) {
            follow(path, found);
        }
        return found;
    }

    private void follow(String path, Set<String> found) throws IOException {
        String next = plain(path);
        for (int links = 0; links <= MOST_LINKS; links++) {
            found.add(next);
            Optional<String> beyond = beyondFirstLink(next);
            if (beyond.isEmpty()) {
                return;
            }
            next = beyond.get();
        }
    }

    /** The path that the first link on the way turns this one into. */
    private Optional<String> beyondFirstLink(String path) throws IOException {
        for (int end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
            String prefix = end < 0 ? path : path.substring(0, end);
            Optional<String> text = link(prefix);
            if (text.isPresent()) {
                String directory = text.get().startsWith("/") ? "" : prefix.substring(0, prefix.lastIndexOf('/'));
                String rest = end < 0 ? "" : path.substring(end);
                return Optional.of(plain(directory + "/" + text.get() + rest));
            }
            if (end < 0) {
                return Optional.empty();
            }
        }
    }

    private Optional<String> link(String path) throws IOException {
        try {
            return root.readLink(path);
        } catch (UnreadableException e) {
            // What cannot be a path leads nowhere.
            return switch (e.reason()) {
                case BAD_NAME, LOOP -> Optional.empty();
                default -> throw e;
            };
        }
    }

    private static String plain(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        List<String> names = new ArrayList<>(parts);
        return "/" + String.join("/", names);
    }
}
