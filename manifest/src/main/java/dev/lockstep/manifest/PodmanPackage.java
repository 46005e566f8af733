package dev.lockstep.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a root's podman package. Debian's database is text. An rpm database is a file of package headers, whatever holds them: in
 * each, name, version and release stand one after the other with a NUL between them ({@code rpm} file format, header data), which no other
 * list of strings in it looks like.
 */
final class PodmanPackage {
    private static final List<String> DPKG = List.of("/var/lib/dpkg/status", "/usr/lib/sysimage/dpkg/status");
    private static final List<String> RPM = List.of(
            "/usr/lib/sysimage/rpm/rpmdb.sqlite",
            "/usr/share/rpm/rpmdb.sqlite",
            "/var/lib/rpm/rpmdb.sqlite",
            "/usr/lib/sysimage/rpm/Packages.db");
    private static final Pattern PARAGRAPH = Pattern.compile("(?m)^Package: podman$(?:\\n(?!$).*)*");
    private static final Pattern INSTALLED = Pattern.compile("(?m)^Status: \\S+ \\S+ installed$");
    private static final Pattern VERSION = Pattern.compile("(?m)^Version: (\\S+)$");
    private static final Pattern HEADER =
            Pattern.compile("\0podman\0([0-9]+\\.[0-9]+[0-9A-Za-z.~^+]{0,80})\0[0-9][^\0]{0,80}\0");
    private static final long MOST_BYTES = 1L << 30;

    private PodmanPackage() {}

    /** As the package has it, such as {@code 5.4.2+ds1-2}; empty when neither database says it. */
    static Optional<String> version(RootTree root) {
        return DPKG.stream()
                .flatMap(file -> dpkg(root, file).stream())
                .findFirst()
                .or(() -> RPM.stream().flatMap(file -> rpm(root, file).stream()).findFirst());
    }

    private static Optional<String> dpkg(RootTree root, String file) {
        try {
            Matcher paragraph = PARAGRAPH.matcher(root.read(file)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse(""));
            if (!paragraph.find() || !INSTALLED.matcher(paragraph.group()).find()) {
                return Optional.empty();
            }
            Matcher version = VERSION.matcher(paragraph.group());
            return version.find() ? Optional.of(version.group(1)) : Optional.empty();
        } catch (IOException e) {
            // A database that cannot be read says nothing.
            return Optional.empty();
        }
    }

    private static Optional<String> rpm(RootTree root, String file) {
        Search search = new Search();
        try {
            root.transfer(file, MOST_BYTES, search);
        } catch (IOException e) {
            // A database that cannot be read says nothing.
            return Optional.empty();
        }
        return search.found;
    }

    /** Looks through a stream without keeping more of it than one match can be long. */
    private static final class Search extends OutputStream {
        private static final String NAME = "\0podman\0";
        private static final int LONGEST_MATCH = 256;

        private Optional<String> found = Optional.empty();
        private byte[] kept = {};

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (found.isPresent()) {
                return;
            }
            byte[] seen = Arrays.copyOf(kept, kept.length + length);
            System.arraycopy(bytes, offset, seen, kept.length, length);
            String text = new String(seen, StandardCharsets.ISO_8859_1);
            for (int at = text.indexOf(NAME); at >= 0; at = text.indexOf(NAME, at + 1)) {
                Matcher matcher = HEADER.matcher(text).region(at, text.length());
                if (matcher.lookingAt()) {
                    found = Optional.of(matcher.group(1));
                    return;
                }
            }
            kept = Arrays.copyOfRange(seen, Math.max(0, seen.length - LONGEST_MATCH), seen.length);
        }
    }
}
