package dev.lockstep.orchestrator.ostree;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code /etc} that a deployment will have when ostree finalizes it, made beforehand by ostree's own rules ({@code merge_configuration_from}
 * in {@code ostree-sysroot-deploy.c} and {@code ostree_diff_dirs} in {@code ostree-diff.c}): the new release's defaults, with the changes that
 * the present {@code /etc} shows against its own defaults.
 *
 * <ul>
 *   <li>A file is changed when its kind, content, mode or owner differs; extended attributes do not count. It replaces the new default.
 *   <li>What was removed stays removed; what was added is added.
 *   <li>A directory that is a default as well keeps the new default's mode and owner, unless something directly in it is changed or added.
 *   <li>Where the new default is a directory and the change is something else, nothing can be merged.
 *   <li>FIFOs, sockets and devices are left out; a new default under the name of one goes.
 * </ul>
 *
 * <p>One rule is stricter: where a change lies behind a link of the new defaults that leads out of {@code /etc}, ostree would write there; here
 * that is a failure. Contents, modes and owners are copied, so it takes the same privilege as ostree's.
 */
final class EtcMerge {
    private static final int MOST_LINKS = 40;
    private static final int PERMISSIONS = 07777;

    private final Path etc;
    private final Path defaults;
    private final Path merged;
    private final List<Path> removed = new ArrayList<>();
    private final List<Path> modified = new ArrayList<>();
    private final List<Path> added = new ArrayList<>();

    private EtcMerge(Path etc, Path defaults, Path merged) {
        this.etc = etc;
        this.defaults = defaults;
        this.merged = merged;
    }

    /** What can be in a directory. */
    private enum Kind {
        REGULAR,
        DIRECTORY,
        LINK,
        SPECIAL
    }

    /**
     * Makes the merged {@code /etc}. The three sources are only read, and no link in them is followed.
     *
     * @param etc of the present deployment
     * @param defaults {@code /usr/etc} of the present deployment
     * @param newDefaults {@code /usr/etc} of the new deployment
     * @param merged must not exist; afterwards it is the merged directory, after a failure perhaps a part of it
     * @throws IOException when a source cannot be read or the result cannot be written, and where ostree's own merge would fail; it names
     *     the path
     */
    static void merge(Path etc, Path defaults, Path newDefaults, Path merged) throws IOException {
        EtcMerge merge = new EtcMerge(etc, defaults, merged);
        merge.compare(Path.of(""));
        merge.copyTree(newDefaults, merged);
        merge.apply();
    }

    private void compare(Path directory) throws IOException {
        for (Path name : names(defaults.resolve(directory))) {
            Path path = directory.resolve(name);
            Kind was = Objects.requireNonNull(kind(defaults.resolve(path)), "it was just listed");
            Kind is = kind(etc.resolve(path));
            if (is == null) {
                removed.add(path);
                continue;
            }
            if (is != was || differs(defaults.resolve(path), etc.resolve(path), is)) {
                modified.add(path);
            }
            if (is == Kind.DIRECTORY && was == Kind.DIRECTORY) {
                compare(path);
            }
        }
        for (Path name : names(etc.resolve(directory))) {
            Path path = directory.resolve(name);
            if (kind(defaults.resolve(path)) == null) {
                add(path);
            }
        }
    }

    private void add(Path path) throws IOException {
        added.add(path);
        if (kind(etc.resolve(path)) == Kind.DIRECTORY) {
            for (Path name : names(etc.resolve(path))) {
                add(path.resolve(name));
            }
        }
    }

    private static boolean differs(Path was, Path is, Kind kind) throws IOException {
        for (String attribute : List.of("unix:mode", "unix:uid", "unix:gid")) {
            if (!attribute(was, attribute).equals(attribute(is, attribute))) {
                return true;
            }
        }
        return switch (kind) {
            case REGULAR -> Files.mismatch(was, is) >= 0;
            case LINK -> !Files.readSymbolicLink(was).equals(Files.readSymbolicLink(is));
            case DIRECTORY, SPECIAL -> false;
        };
    }

    private void apply() throws IOException {
        for (Path path : removed) {
            remove(path);
        }
        for (Path path : modified) {
            replace(path);
        }
        for (Path path : added) {
            replace(path);
        }
    }

    private void remove(Path path) throws IOException {
        Path target;
        try {
            target = inside(path, false);
        } catch (NoSuchFileException e) {
            return;
        }
        deleteTree(target);
    }

    private static void deleteTree(Path path) throws IOException {
        if (kind(path) == Kind.DIRECTORY) {
            for (Path name : names(path)) {
                deleteTree(path.resolve(name));
            }
        }
        Files.deleteIfExists(path);
    }

    private void replace(Path path) throws IOException {
        Path source = etc.resolve(path);
        Kind kind = kind(source);
        if (kind == null) {
            throw new NoSuchFileException(source.toString());
        }
        if (path.getParent() != null) {
            ensureDirectory(path.getParent());
        }
        Path target = inside(path, false);
        if (kind(target) == Kind.DIRECTORY) {
            if (kind != Kind.DIRECTORY) {
                throw new IOException("/etc/" + path
                        + " was changed, but it is a directory in the new release: ostree cannot merge it");
            }
            // What is in it was compared by itself.
            return;
        }
        Files.deleteIfExists(target);
        if (kind == Kind.DIRECTORY) {
            copyTree(source, target);
        } else {
            copyFile(source, target, kind);
        }
    }

    /** Makes a directory, and those above it, after the present ones; one that is there takes the present one's mode and owner. */
    private void ensureDirectory(Path path) throws IOException {
        Path target;
        try {
            target = inside(path, true);
        } catch (NoSuchFileException e) {
            if (path.getParent() == null) {
                throw e;
            }
            ensureDirectory(path.getParent());
            target = inside(path, true);
        }
        Kind kind = kind(target);
        if (kind == null) {
            Files.createDirectory(target);
        } else if (kind != Kind.DIRECTORY) {
            throw new NotDirectoryException("/etc/" + path + " of the new release, in which something was changed");
        }
        copyAttributes(etc.resolve(path), target);
    }

    /**
     * Where a path of the merged directory lies when the links on its way are followed.
     *
     * @param last whether a link at its end is followed as well
     * @throws NoSuchFileException when a directory on the way, or the target of a link, is missing
     */
    private Path inside(Path path, boolean last) throws IOException {
        Deque<Path> ahead = new ArrayDeque<>();
        path.forEach(ahead::add);
        Path reached = merged;
        int links = 0;
        boolean endIsLink = false;
        while (!ahead.isEmpty()) {
            Path name = ahead.remove();
            if (name.toString().equals("..")) {
                if (reached.equals(merged)) {
                    throw leadsOut(path);
                }
                reached = Objects.requireNonNull(reached.getParent(), "it is below the merged directory");
                continue;
            }
            Path next = name.toString().equals(".") ? reached : reached.resolve(name);
            Kind kind = kind(next);
            boolean atEnd = ahead.isEmpty();
            if (kind == Kind.LINK && (last || !atEnd)) {
                Path target = Files.readSymbolicLink(next);
                if (target.isAbsolute() || ++links > MOST_LINKS) {
                    throw leadsOut(path);
                }
                endIsLink |= atEnd;
                List<Path> steps = new ArrayList<>();
                target.forEach(steps::add);
                steps.reversed().forEach(ahead::push);
                continue;
            }
            if (kind == null && (!atEnd || endIsLink)) {
                throw new NoSuchFileException(next.toString());
            }
            if (!atEnd && kind != Kind.DIRECTORY) {
                throw new NotDirectoryException("/etc/" + path + " of the new release, in which something was changed");
            }
            reached = next;
        }
        return reached;
    }

    private static IOException leadsOut(Path path) {
        return new IOException(
                "/etc/" + path + " was changed, but it lies behind a link of the new release that leads out of /etc");
    }

    private void copyTree(Path source, Path target) throws IOException {
        Files.createDirectory(target);
        copyAttributes(source, target);
        for (Path name : names(source)) {
            Path from = source.resolve(name);
            Kind kind = Objects.requireNonNull(kind(from), "it was just listed");
            if (kind == Kind.DIRECTORY) {
                copyTree(from, target.resolve(name));
            } else {
                copyFile(from, target.resolve(name), kind);
            }
        }
    }

    private static void copyFile(Path source, Path target, Kind kind) throws IOException {
        if (kind == Kind.SPECIAL) {
            return;
        }
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        copyAttributes(source, target);
    }

    /** The owner first, since a new owner takes bits of the mode away. */
    private static void copyAttributes(Path source, Path target) throws IOException {
        for (String owner : List.of("unix:uid", "unix:gid")) {
            Files.setAttribute(target, owner, attribute(source, owner), LinkOption.NOFOLLOW_LINKS);
        }
        if (kind(target) != Kind.LINK) {
            int mode = (Integer) attribute(source, "unix:mode");
            Files.setAttribute(target, "unix:mode", mode & PERMISSIONS);
        }
    }

    private static Object attribute(Path path, String name) throws IOException {
        return Files.getAttribute(path, name, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> names(Path directory) throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }

    /** What is there; null when nothing is. */
    private static @Nullable Kind kind(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (attributes.isSymbolicLink()) {
            return Kind.LINK;
        }
        if (attributes.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return attributes.isRegularFile() ? Kind.REGULAR : Kind.SPECIAL;
    }
}
