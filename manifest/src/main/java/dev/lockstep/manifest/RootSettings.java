package dev.lockstep.manifest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What a root's own {@code lockstep.toml} says of what it binds; the file in {@code /etc} takes the place of the one in {@code /usr/lib}. Its
 * other keys are for the running host and not looked at here.
 *
 * @param allQuadlets {@code quadlets = "all"}: every Quadlet file of the system's manager is bound that does not say otherwise
 * @param podman {@code version} of {@code [podman]}: taken when the root's package database does not say it
 */
record RootSettings(boolean allQuadlets, Optional<QuadletVersion> podman) {
    static final RootSettings DEFAULT = new RootSettings(false, Optional.empty());

    /** The image's own file. */
    static final String VENDOR = "/usr/lib/lockstep/lockstep.toml";

    private static final List<String> FILES = List.of("/etc/lockstep/lockstep.toml", VENDOR);

    /** Reads the first of the files that is there; what is wrong with it is told. */
    static RootSettings of(RootTree root, Findings findings) {
        for (String file : FILES) {
            if (isThere(root, file)) {
                return new QuadletFiles(root, findings)
                        .bytes(file)
                        .map(bytes -> parse(file, bytes, findings))
                        .orElse(DEFAULT);
            }
        }
        return DEFAULT;
    }

    private static boolean isThere(RootTree root, String file) {
        try {
            return root.exists(file);
        } catch (IOException e) {
            // It is there; why it cannot be read is told when it is.
            return true;
        }
    }

    private static RootSettings parse(String file, byte[] bytes, Findings findings) {
        TomlParseResult toml;
        try {
            toml = Toml.parse(Names.text(bytes).orElse("\uFFFD"));
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            // The TOML library has bugs on malformed text; the text is not TOML either way.
            syntax(Place.of(file), findings);
            return DEFAULT;
        }
        if (toml.hasErrors()) {
            syntax(Place.of(file, toml.errors().getFirst().position().line()), findings);
            return DEFAULT;
        }
        return new RootSettings(quadlets(file, toml, findings), podman(file, toml, findings));
    }

    private static void syntax(Place place, Findings findings) {
        findings.error(
                ProblemCode.TOML_SYNTAX,
                place,
                "is not TOML, so it is not known what the root binds",
                "mend the file (https://toml.io)");
    }

    private static boolean quadlets(String file, TomlTable toml, Findings findings) {
        Object value = toml.get(List.of("quadlets"));
        if (value != null && !value.equals("all") && !value.equals("bound")) {
            impossible(file, toml, List.of("quadlets"), "write \"all\" or \"bound\"", findings);
        }
        return "all".equals(value);
    }

    private static Optional<QuadletVersion> podman(String file, TomlTable toml, Findings findings) {
        List<String> key = List.of("podman", "version");
        Object podman = toml.get(List.of("podman"));
        Object value = podman instanceof TomlTable table ? table.get(List.of("version")) : podman;
        if (value == null) {
            return Optional.empty();
        }
        Optional<QuadletVersion> version = value instanceof String text ? QuadletVersion.parse(text) : Optional.empty();
        if (version.isEmpty()) {
            impossible(file, toml, key, "write a version: \"5.8.6\"", findings);
        }
        return version;
    }

    private static void impossible(String file, TomlTable toml, List<String> key, String hint, Findings findings) {
        List<String> there = toml.get(key.subList(0, 1)) instanceof TomlTable ? key : key.subList(0, 1);
        int line = Optional.ofNullable(toml.inputPositionOf(there))
                .map(position -> position.line())
                .orElse(1);
        findings.error(
                ProblemCode.TOML_VALUE, Place.of(file, line, String.join(".", key)), "has an impossible value", hint);
    }
}
