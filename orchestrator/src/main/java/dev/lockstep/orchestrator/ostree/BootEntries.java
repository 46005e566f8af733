package dev.lockstep.orchestrator.ostree;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can boot, read from the boot loader entries that ostree writes ({@code boot/loader/entries/*.conf}, the Boot Loader Specification):
 * their {@code ostree=} argument leads through {@code ostree/boot.N} to a deployment.
 */
final class BootEntries {
    private static final Pattern OSTREE_ARGUMENT = Pattern.compile("(?:^|\\s)ostree=(?<path>/\\S+)");
    private static final Pattern DEPLOYMENT = Pattern.compile("(?<checksum>[0-9a-f]{64})\\.(?<serial>[0-9]{1,9})");
    private static final Pattern VERSION_ID =
            Pattern.compile("(?m)^VERSION_ID=(?<quote>[\"']?)(?<version>[^\"'\\n]*)\\k<quote>$");
    private static final int OS_RELEASE_LIMIT = 64 * 1024;

    private BootEntries() {}

    /** One entry file, as far as it concerns us. */
    private record Entry(int version, Path deployment) {}

    /**
     * The deployments of a state root, the default one first.
     *
     * @throws IOException when the entries cannot be read, or one leads nowhere
     */
    static List<Deployment> read(Path sysroot, String stateroot) throws IOException {
        Path directory = sysroot.resolve("boot/loader/entries");
        // Only this means that nothing is deployed. An entry that cannot be read does not.
        if (Files.notExists(directory)) {
            return List.of();
        }
        List<Deployment> deployments = new ArrayList<>();
        for (Entry entry : entries(sysroot, directory)) {
            if (stateroot.equals(staterootOf(entry.deployment()))) {
                deployments.add(deployment(stateroot, entry.deployment()));
            }
        }
        return deployments;
    }

    /**
     * The number of a deployment among those of all state roots, the default one 0, as {@code ostree admin status} counts them while nothing
     * is staged; empty when no entry leads to it.
     */
    static OptionalInt index(Path sysroot, Path deployment) throws IOException {
        Path wanted = deployment.toRealPath();
        List<Path> all = entries(sysroot, sysroot.resolve("boot/loader/entries")).stream()
                .map(Entry::deployment)
                .toList();
        int index = all.indexOf(wanted);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    private static List<Entry> entries(Path sysroot, Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.conf")) {
            for (Path file : files) {
                parse(sysroot, file, text(file)).ifPresent(entries::add);
            }
        }
        entries.sort(Comparator.comparingInt(Entry::version).reversed());
        return entries;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException(file.getFileName() + " was listed, but it leads to nothing", e);
        }
    }

    private static Optional<Entry> parse(Path sysroot, Path file, String text) throws IOException {
        int version = 0;
        Optional<String> link = Optional.empty();
        for (String line : text.split("\n")) {
            String[] words = line.strip().split("\\s+", 2);
            if (words.length < 2) {
                continue;
            }
            if (words[0].equals("version") && words[1].matches("[0-9]{1,9}")) {
                version = Integer.parseInt(words[1]);
            }
            if (words[0].equals("options")) {
                link = link(words[1]);
            }
        }
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Entry(version, sysroot.resolve(link.get().substring(1)).toRealPath()));
        } catch (NoSuchFileException e) {
            throw new IOException(file.getFileName() + " leads to " + link.get() + ", which does not exist", e);
        }
    }

    /** Where the {@code ostree=} argument of a kernel's arguments leads, from the sysroot. */
    static Optional<String> link(String arguments) {
        Matcher matcher = OSTREE_ARGUMENT.matcher(arguments);
        return matcher.find() ? Optional.of(matcher.group("path")) : Optional.empty();
    }

    static String staterootOf(Path deployment) {
        // …/ostree/deploy/STATEROOT/deploy/CHECKSUM.SERIAL
        int count = deployment.getNameCount();
        return count < 3 ? "" : deployment.getName(count - 3).toString();
    }

    /** A deployment by its directory, whether or not an entry leads to it. */
    static Deployment deployment(String stateroot, Path directory) throws IOException {
        Matcher name = DEPLOYMENT.matcher(String.valueOf(directory.getFileName()));
        if (!name.matches()) {
            throw new IOException(directory + " is not the directory of an ostree deployment");
        }
        return new Deployment(
                stateroot,
                name.group("checksum"),
                Integer.parseInt(name.group("serial")),
                directory,
                version(directory),
                OriginFile.read(directory.resolveSibling(directory.getFileName() + ".origin")));
    }

    private static Optional<String> version(Path directory) throws IOException {
        try (RootTree root = RootTree.open(directory)) {
            return root.read("/usr/lib/os-release", OS_RELEASE_LIMIT)
                    .map(bytes -> VERSION_ID.matcher(new String(bytes, StandardCharsets.UTF_8)))
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group("version"));
        }
    }
}
