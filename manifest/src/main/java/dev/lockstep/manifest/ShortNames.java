package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What a root's {@code containers-registries.conf(5)} makes of names without a registry: an alias, else each of the registries that are
 * searched. Only advice is made of it, so a file that cannot be read or is not TOML counts as empty: podman itself complains of those.
 */
final class ShortNames {
    private static final List<String> FILES =
            List.of("/etc/containers/registries.conf", "/usr/share/containers/registries.conf");
    private static final List<String> DIRECTORIES =
            List.of("/usr/share/containers/registries.conf.d", "/etc/containers/registries.conf.d");
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_FILES = 100;
    private static final int MOST_CANDIDATES = 5;

    private final Map<String, String> aliases = new LinkedHashMap<>();
    private List<String> registries = List.of();
    /** Not read yet; reading waits for the first short name, and most roots have none. */
    private Optional<RootTree> unread;

    private ShortNames(Optional<RootTree> unread) {
        this.unread = unread;
    }

    /** Knows nothing. */
    static ShortNames unknown() {
        return new ShortNames(Optional.empty());
    }

    /** What a root's configuration says: the main file, then those of the directories in the order of their names. */
    static ShortNames of(RootTree root) {
        return new ShortNames(Optional.of(root));
    }

    private void read(RootTree root) {
        for (String file : FILES) {
            if (take(root, file)) {
                break;
            }
        }
        for (String directory : DIRECTORIES) {
            entries(root, directory).stream()
                    .filter(name -> name.endsWith(".conf"))
                    .limit(MOST_FILES)
                    .forEach(name -> take(root, directory + "/" + name));
        }
    }

    private static List<String> entries(RootTree root, String directory) {
        try {
            return root.list(directory).map(RootTree.Listing::names).orElse(List.of());
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean take(RootTree root, String file) {
        Optional<String> text;
        try {
            text = root.read(file, MOST_BYTES).flatMap(Names::text);
        } catch (IOException e) {
            return false;
        }
        text.ifPresent(this::parse);
        return text.isPresent();
    }

    private void parse(String text) {
        try {
            TomlParseResult result = Toml.parse(text);
            if (result.get(List.of("unqualified-search-registries")) instanceof TomlArray array) {
                registries = strings(array);
            }
            if (result.get(List.of("aliases")) instanceof TomlTable table) {
                for (String name : table.keySet()) {
                    if (table.get(List.of(name)) instanceof String target) {
                        aliases.put(name, target);
                    }
                }
            }
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            // The TOML library has bugs on malformed text (TomlFiles); there is nothing to advise then.
        }
    }

    private static List<String> strings(TomlArray array) {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) instanceof String text) {
                strings.add(text);
            }
        }
        return strings;
    }

    /** What to write instead of a short name. */
    String advice(ShortNameException shortName) {
        unread.ifPresent(this::read);
        unread = Optional.empty();
        Optional<String> alias = Optional.ofNullable(aliases.get(shortName.name()));
        List<String> candidates = alias
                .map(List::of)
                .orElseGet(() -> registries.stream()
                        .map(registry -> registry + "/" + shortName.name())
                        .toList())
                .stream()
                .flatMap(name -> canonical(name + shortName.suffix()).stream())
                .distinct()
                .limit(MOST_CANDIDATES)
                .toList();
        if (!candidates.isEmpty()) {
            return "write " + String.join(" or ", candidates);
        }
        return "write the registry before it"
                + canonical("docker.io/" + shortName.name() + shortName.suffix())
                        .map(hub -> "; " + hub + " is Docker Hub's")
                        .orElse("");
    }

    private static Optional<String> canonical(String text) {
        try {
            return Optional.of(ImageReference.parse(text).toString());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
