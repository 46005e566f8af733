package dev.lockstep.orchestrator.ostree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** Small trees with few names, so that changes of two sides meet often. */
final class RandomTrees {
    private static final List<String> NAMES = List.of("a", "b", "c", "a b");
    private static final List<String> TARGETS = List.of("a", "b", "../c", "/nowhere/of/lockstep", "../../../none");

    private RandomTrees() {}

    static void fill(Path directory, Random random, int levels) throws IOException {
        for (String name : NAMES) {
            if (random.nextInt(4) > 0) {
                make(directory.resolve(name), random, levels);
            }
        }
    }

    private static void make(Path path, Random random, int levels) throws IOException {
        int kind = random.nextInt(10);
        if (kind < 4 && levels > 0) {
            Files.createDirectory(path);
            fill(path, random, levels - 1);
        } else if (kind < 9) {
            Files.writeString(path, "content " + random.nextInt(3));
        } else {
            Files.createSymbolicLink(path, Path.of(TARGETS.get(random.nextInt(TARGETS.size()))));
        }
        changeAttributes(path, random);
    }

    private static void changeAttributes(Path path, Random random) throws IOException {
        if (random.nextInt(5) == 0) {
            Files.setAttribute(path, "unix:uid", random.nextInt(3), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", random.nextInt(3), LinkOption.NOFOLLOW_LINKS);
        }
        if (!Files.isSymbolicLink(path)) {
            int base = Files.isDirectory(path) ? 0700 : 0600;
            Files.setAttribute(path, "unix:mode", base | List.of(0, 055, 044).get(random.nextInt(3)));
        }
    }

    /** A few changes: removed, made another kind, written to, given another mode or owner, added. */
    static void change(Path root, Random random) throws IOException {
        int count = 1 + random.nextInt(6);
        for (int index = 0; index < count; index++) {
            List<Path> paths = new ArrayList<>();
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(path -> !path.equals(root)).sorted().forEach(paths::add);
            }
            if (paths.isEmpty()) {
                fill(root, random, 2);
                continue;
            }
            Path path = paths.get(random.nextInt(paths.size()));
            switch (random.nextInt(8)) {
                case 0 -> remove(path);
                case 1 -> {
                    remove(path);
                    make(path, random, 2);
                }
                case 2, 3 -> changeAttributes(path, random);
                case 4, 5 -> {
                    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                        Files.writeString(path, "changed " + random.nextInt(3));
                    }
                }
                default -> add(path, random);
            }
        }
    }

    private static void add(Path near, Random random) throws IOException {
        Path directory =
                Files.isDirectory(near, LinkOption.NOFOLLOW_LINKS) ? near : Objects.requireNonNull(near.getParent());
        Path path = directory.resolve(NAMES.get(random.nextInt(NAMES.size())));
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            make(path, random, 2);
        }
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
