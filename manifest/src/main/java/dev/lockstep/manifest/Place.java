package dev.lockstep.manifest;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where in a root a problem is.
 *
 * @param file absolute path inside the root
 * @param line 1-based, empty when the whole file is meant
 * @param key the key at fault
 */
record Place(String file, OptionalInt line, Optional<String> key) {

    static Place of(String file) {
        return new Place(file, OptionalInt.empty(), Optional.empty());
    }

    static Place of(String file, int line) {
        return new Place(file, OptionalInt.of(line), Optional.empty());
    }

    static Place of(String file, int line, String key) {
        return new Place(file, OptionalInt.of(line), Optional.of(key));
    }
}
