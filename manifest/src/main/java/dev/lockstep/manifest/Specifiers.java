package dev.lockstep.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Systemd's specifiers whose value the root alone decides, {@code systemd.unit(5)}: directories of the system's manager, the root's
 * {@code os-release}, and the name of the generated unit. What depends on the machine, the boot or an instance is not here.
 */
final class Specifiers {
    private static final Map<Character, String> FIXED = Map.ofEntries(
            Map.entry('t', "/run"),
            Map.entry('S', "/var/lib"),
            Map.entry('C', "/var/cache"),
            Map.entry('L', "/var/log"),
            Map.entry('E', "/etc"),
            Map.entry('T', "/tmp"),
            Map.entry('V', "/var/tmp"),
            Map.entry('h', "/root"),
            Map.entry('u', "root"),
            Map.entry('g', "root"),
            Map.entry('U', "0"),
            Map.entry('G', "0"));
    private static final Map<Character, String> RELEASE = Map.of(
            'o', "ID", 'w', "VERSION_ID", 'W', "VARIANT_ID", 'B', "BUILD_ID", 'M', "IMAGE_ID", 'A', "IMAGE_VERSION");
    private static final List<String> RELEASE_FILES = List.of("/etc/os-release", "/usr/lib/os-release");
    private static final String GENERATED = "/run/systemd/generator";
    private static final long MOST_RELEASE_BYTES = 64L << 10;

    private final RootTree root;
    private final Map<String, String> release = new HashMap<>();
    private boolean releaseIsRead;

    Specifiers(RootTree root) {
        this.root = root;
    }

    /** The values in a unit that Quadlet generates. */
    Function<Character, Optional<String>> of(QuadletUnit unit) {
        UnitNames names = new UnitNames(unit.service());
        return letter -> value(letter, names);
    }

    private Optional<String> value(char letter, UnitNames names) {
        if (FIXED.containsKey(letter)) {
            return Optional.ofNullable(FIXED.get(letter));
        }
        String key = RELEASE.get(letter);
        if (key != null) {
            return release(key);
        }
        return switch (letter) {
            case 's' -> shell();
            case 'a' -> ProgramArchitecture.of(root);
            case 'd' -> names.full().map(full -> "/run/credentials/" + full);
            case 'y' -> names.full().map(full -> GENERATED + "/" + full);
            case 'Y' -> Optional.of(GENERATED);
            default -> names.value(letter);
        };
    }

    /** A value of {@code os-release}; empty text for one that is not set, and nothing for a root without the file. */
    private Optional<String> release(String key) {
        if (!releaseIsRead) {
            releaseIsRead = true;
            for (String file : RELEASE_FILES) {
                Optional<String> text = text(file, MOST_RELEASE_BYTES);
                if (text.isPresent()) {
                    release.put("", file);
                    text.get().lines().forEach(this::releaseLine);
                    break;
                }
            }
        }
        return release.isEmpty() ? Optional.empty() : Optional.of(release.getOrDefault(key, ""));
    }

    private void releaseLine(String line) {
        int equals = line.indexOf('=');
        if (equals > 0 && !line.startsWith("#")) {
            ExecWords.arguments(line.substring(equals + 1))
                    .ifPresent(words -> release.put(line.substring(0, equals).strip(), String.join(" ", words)));
        }
    }

    private Optional<String> shell() {
        return text("/etc/passwd", RootTree.DEFAULT_LIMIT).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("root:"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1).strip())
                .filter(shell -> shell.startsWith("/"))
                .findFirst();
    }

    private Optional<String> text(String file, long limit) {
        try {
            return root.read(file, limit).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            // What cannot be read decides no value, and the specifier is told as one without a value.
            return Optional.empty();
        }
    }
}
