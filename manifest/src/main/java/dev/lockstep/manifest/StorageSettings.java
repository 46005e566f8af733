package dev.lockstep.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/** The additional image stores of a root's {@code containers-storage.conf(5)}; of two files {@code /etc}'s alone counts. */
final class StorageSettings {
    private static final List<String> FILES =
            List.of("/etc/containers/storage.conf", "/usr/share/containers/storage.conf");
    private static final List<String> KEY = List.of("storage", "options", "additionalimagestores");
    private static final long MOST_BYTES = 1 << 20;

    private StorageSettings() {}

    /** In their order; none when there is no file, or one that cannot be read: podman itself complains of that. */
    static List<String> additionalStores(RootTree root) {
        for (String file : FILES) {
            Optional<List<String>> stores = read(root, file);
            if (stores.isPresent()) {
                return stores.get();
            }
        }
        return List.of();
    }

    /** Those of the file that {@code CONTAINERS_STORAGE_CONF} names, which takes the place of both. */
    static List<String> additionalStores(RootTree root, String file) {
        return file.startsWith("/") ? read(root, file).orElse(List.of()) : List.of();
    }

    private static Optional<List<String>> read(RootTree root, String file) {
        try {
            return root.read(file, MOST_BYTES).flatMap(Names::text).map(StorageSettings::parse);
        } catch (IOException e) {
            return Optional.of(List.of());
        }
    }

    private static List<String> parse(String text) {
        try {
            TomlParseResult result = Toml.parse(text);
            List<String> stores = new ArrayList<>();
            if (result.get(KEY) instanceof TomlArray array) {
                for (int i = 0; i < array.size(); i++) {
                    stores.add(String.valueOf(array.get(i)));
                }
            }
            return stores;
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            // The TOML library has bugs on malformed text (TomlFiles).
            return List.of();
        }
    }
}
