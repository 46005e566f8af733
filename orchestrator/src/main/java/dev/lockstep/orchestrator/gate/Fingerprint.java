package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What was seen at a path of a root, to be able to tell whether it is still so. No link is followed: where the path leads through one, the
 * link itself is what was seen, and whoever went on behind it takes a fingerprint of that as well.
 *
 * @param path absolute inside the root, without {@code .} and {@code ..}; the link's, where the way to the path that was asked for led
 *     through one
 * @param kind what is there
 * @param value of a file the SHA-256 of its content, of a directory that of its names, of a link its target, else empty
 */
public record Fingerprint(String path, Kind kind, String value) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int CHUNK = 64 << 10;

    /** What can be at a path. */
    public enum Kind {
        /** A regular file. */
        FILE("a file"),
        /** A symbolic link. */
        LINK("a link"),
        /** Nothing, or the way to it does not exist. */
        ABSENT("nothing"),
        /** A directory. */
        DIRECTORY("a directory"),
        /** A FIFO, a socket or a device. */
        OTHER("a special file");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As it stands in a file. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Fingerprint {
        components(path);
        boolean hashed = kind == Kind.FILE || kind == Kind.DIRECTORY;
        boolean good = hashed ? HASH.matcher(value).matches() : value.isEmpty() != (kind == Kind.LINK);
        if (!good) {
            throw new IllegalArgumentException("not what a fingerprint of " + kind.words + " says: " + value);
        }
    }

    /**
     * Looks at a path.
     *
     * @param root the directory that has {@code etc}; how it is reached itself does not matter
     * @param path absolute inside it
     * @throws IOException when something is there that cannot be read
     * @throws IllegalArgumentException when the path is not absolute, or has empty components, {@code .} or {@code ..}
     */
    public static Fingerprint of(Path root, String path) throws IOException {
        List<String> components = components(path);
        StringBuilder reached = new StringBuilder();
        for (String component : components.subList(0, components.size() - 1)) {
            reached.append('/').append(component);
            Fingerprint step = kindOf(RawPath.child(root, reached.toString()), reached.toString());
            if (step.kind == Kind.LINK) {
                return step;
            }
            if (step.kind != Kind.DIRECTORY) {
                return new Fingerprint(path, Kind.ABSENT, "");
            }
        }
        Path file = RawPath.child(root, path);
        Fingerprint seen = kindOf(file, path);
        return switch (seen.kind) {
            case FILE -> new Fingerprint(path, Kind.FILE, content(file));
            case DIRECTORY -> new Fingerprint(path, Kind.DIRECTORY, names(file));
            case LINK, ABSENT, OTHER -> seen;
        };
    }

    /** Whether the path is as it was seen. */
    public boolean stillHolds(Path root) throws IOException {
        return of(root, path).equals(this);
    }

    /** What is there, in words, without the path. */
    public String words() {
        return switch (kind) {
            case FILE, DIRECTORY -> kind.words + " (" + value.substring(0, 12) + ")";
            case LINK -> kind.words + " to " + value;
            case ABSENT, OTHER -> kind.words;
        };
    }

    private static List<String> components(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
        List<String> components = List.of(path.substring(1).split("/", -1));
        if (components.contains("") || components.contains(".") || components.contains("..")) {
            throw new IllegalArgumentException("not a plain path: " + path);
        }
        return components;
    }

    /** What is there; of a file and a directory without what is in it yet. */
    private static Fingerprint kindOf(Path file, String path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return new Fingerprint(path, Kind.ABSENT, "");
        }
        String none = "0".repeat(64);
        if (attributes.isSymbolicLink()) {
            return new Fingerprint(path, Kind.LINK, RawPath.text(Files.readSymbolicLink(file)));
        }
        if (attributes.isRegularFile()) {
            return new Fingerprint(path, Kind.FILE, none);
        }
        return attributes.isDirectory()
                ? new Fingerprint(path, Kind.DIRECTORY, none)
                : new Fingerprint(path, Kind.OTHER, "");
    }

    private static String content(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(RawPath.text(entry.getName(entry.getNameCount() - 1)));
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        MessageDigest digest = sha256();
        for (String name : names) {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
