package dev.lockstep.manifest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads the {@code bound-images/*.toml} files of a root. */
final class TomlFiles {
    /** The image's own directories. */
    private static final List<String> VENDOR = List.of("/usr/lib/bootc/bound-images", "/usr/lib/lockstep/bound-images");
    /** The administrator's, a file of which takes the place of the image's file of the same name. */
    private static final List<String> ADMINISTRATOR = List.of("/etc/lockstep/bound-images", "/etc/bootc/bound-images");

    private static final String NEEDED = "write each image as a table: [[image]], then image = \"…\"";
    /** More syntax errors of one file than these help nobody. */
    private static final int MOST_ERRORS = 20;

    private final RootTree root;
    private final Findings findings;
    private final QuadletFiles files;

    TomlFiles(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.files = new QuadletFiles(root, findings);
    }

    /** Binds what all of them say. */
    void read() {
        for (String directory : VENDOR) {
            List<String> over = names("/etc" + directory.substring("/usr/lib".length()));
            names(directory).stream()
                    .filter(name -> !over.contains(name))
                    .forEach(name -> readUnlessMask(directory + "/" + name));
        }
        for (String directory : ADMINISTRATOR) {
            names(directory).forEach(name -> readUnlessMask(directory + "/" + name));
        }
    }

    private List<String> names(String directory) {
        return DirectoryNames.of(root, directory, findings).stream()
                .filter(name -> name.endsWith(".toml"))
                .toList();
    }

    private void readUnlessMask(String file) {
        try {
            if (Masks.isMasked(root, file)) {
                return;
            }
        } catch (IOException e) {
            // Told when it is read.
        }
        files.bytes(file).ifPresent(bytes -> parse(file, bytes));
    }

    /** Binds what the content of one file says. */
    void parse(String file, byte[] bytes) {
        Optional<String> text = Names.text(bytes);
        if (text.isEmpty()) {
            syntax(Place.of(file), "is not UTF-8");
            return;
        }
        try {
            TomlParseResult result = Toml.parse(text.get());
            if (result.hasErrors()) {
                result.errors().stream().limit(MOST_ERRORS).forEach(error -> syntax(file, text.get(), error));
            } else {
                tables(file, result);
            }
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            // The TOML library has bugs on malformed text, for example an assertion that fails; the text is not TOML
            // either way.
            syntax(Place.of(file), "is malformed in a way that the TOML reader cannot place");
        }
    }

    /** The reader quotes what it did not expect; on the line of a key with a passphrase it is not repeated. */
    private void syntax(String file, String text, TomlParseError error) {
        int line = error.position().line();
        boolean secret = text.lines().skip(line - 1L).findFirst().orElse("").contains("decryption-key");
        syntax(
                Place.of(file, line),
                secret ? "is not TOML on this line" : OptionValues.cut(String.valueOf(error.getMessage())));
    }

    private void syntax(Place place, String message) {
        findings.error(ProblemCode.TOML_SYNTAX, place, message, "mend the file (https://toml.io)");
    }

    private void tables(String file, TomlParseResult result) {
        for (String key : result.keySet()) {
            int line = lineOf(result, key);
            if (!key.equals("image")) {
                findings.error(
                        ProblemCode.TOML_UNKNOWN_KEY,
                        Place.of(file, line, key),
                        "has no meaning here",
                        OptionValues.nearest(key, List.of("image"))
                                .map(known -> "did you mean [[image]]?")
                                .orElse(BoundToml.KEYS.contains(key) ? "put it below an [[image]] line" : NEEDED));
            } else if (result.get(List.of(key)) instanceof TomlArray images) {
                elements(file, images);
            } else {
                findings.error(ProblemCode.TOML_TYPE, Place.of(file, line, key), "is not a list of tables", NEEDED);
            }
        }
    }

    private void elements(String file, TomlArray images) {
        for (int i = 0; i < images.size(); i++) {
            int line = Optional.ofNullable(images.inputPositionOf(i))
                    .map(position -> position.line())
                    .orElse(1);
            if (images.get(i) instanceof TomlTable table) {
                new BoundToml(file, line, table, findings).read();
            } else {
                findings.error(ProblemCode.TOML_TYPE, Place.of(file, line, "image"), "is not a table", NEEDED);
            }
        }
    }

    private static int lineOf(TomlTable table, String key) {
        return Optional.ofNullable(table.inputPositionOf(List.of(key)))
                .map(position -> position.line())
                .orElse(1);
    }
}
