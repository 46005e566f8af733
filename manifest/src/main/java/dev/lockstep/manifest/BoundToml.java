package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.BoundImage.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.tomlj.TomlTable;

/** One {@code [[image]]} table, value to binding. */
final class BoundToml {
    static final List<String> KEYS = List.of(
            "image",
            "mode",
            "auth-file",
            "tls-verify",
            "arch",
            "os",
            "variant",
            "cert-dir",
            "decryption-key",
            "retry",
            "retry-delay",
            "signature-policy");

    private final String file;
    private final int line;
    private final TomlTable table;
    private final Findings findings;

    BoundToml(String file, int line, TomlTable table, Findings findings) {
        this.file = file;
        this.line = line;
        this.table = table;
        this.findings = findings;
    }

    /** Binds the image, unless it cannot be; all that is wrong with the table is told. */
    void read() {
        table.keySet().stream().filter(key -> !KEYS.contains(key)).forEach(this::unknown);
        Mode mode = mode();
        PullOptions pull = new PullOptions(
                path("auth-file"),
                value("tls-verify", Boolean.class, "true or false"),
                platform("arch"),
                platform("os"),
                platform("variant"),
                path("cert-dir"),
                path("decryption-key"),
                path("signature-policy"),
                retries(),
                retryDelay(),
                Optional.empty());
        if (table.get(List.of("image")) == null) {
            findings.error(
                    ProblemCode.TOML_NO_IMAGE,
                    Place.of(file, line),
                    "[[image]] has no image",
                    "name it: image = \"…\"");
            return;
        }
        value("image", String.class, "a string")
                .flatMap(text -> findings.reference(text, place("image")))
                .ifPresent(reference -> findings.bind(
                        new Binding(reference, mode, Optional.of(pull), new Source(file, lineOf("image"), Kind.TOML))));
    }

    private Mode mode() {
        return text("mode", text -> text.equals("bind") || text.equals("prefetch"), "\"bind\" or \"prefetch\"")
                .filter("prefetch"::equals)
                .map(prefetch -> Mode.PREFETCH)
                .orElse(Mode.BIND);
    }

    private OptionalInt retries() {
        Optional<Long> count = value("retry", Long.class, "a whole number");
        if (count.isEmpty()) {
            return OptionalInt.empty();
        }
        OptionalInt retries = OptionValues.count(Long.toString(count.get()));
        if (retries.isEmpty()) {
            impossible("retry", "a number from 0 to 999999");
        }
        return retries;
    }

    private Optional<Duration> retryDelay() {
        return text("retry-delay", text -> GoDuration.parse(text).isPresent(), "a duration such as \"5s\"")
                .flatMap(GoDuration::parse);
    }

    private Optional<String> path(String key) {
        return text(key, OptionValues::isAbsolutePath, "an absolute path inside the root");
    }

    private Optional<String> platform(String key) {
        return text(key, OptionValues::isPlatformName, "a name such as \"amd64\"");
    }

    /** A value is never echoed here: a key's passphrase may be part of it. */
    private Optional<String> text(String key, Predicate<String> isPossible, String wanted) {
        Optional<String> text = value(key, String.class, "a string");
        if (text.isPresent() && !isPossible.test(text.get())) {
            impossible(key, wanted);
            return Optional.empty();
        }
        return text;
    }

    private <T> Optional<T> value(String key, Class<T> type, String wanted) {
        Object value = table.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            findings.error(ProblemCode.TOML_TYPE, place(key), "has a value of the wrong type", "give " + wanted);
            return Optional.empty();
        }
        return Optional.of(type.cast(value));
    }

    private void impossible(String key, String wanted) {
        findings.error(ProblemCode.TOML_VALUE, place(key), "has an impossible value", "give " + wanted);
    }

    private void unknown(String key) {
        findings.error(
                ProblemCode.TOML_UNKNOWN_KEY,
                place(key),
                "is not a key of [[image]]",
                OptionValues.nearest(key, KEYS)
                        .map(known -> "did you mean " + known + "?")
                        .orElse("the keys are " + String.join(", ", KEYS)));
    }

    private Place place(String key) {
        return Place.of(file, lineOf(key), key);
    }

    private int lineOf(String key) {
        return Optional.ofNullable(table.inputPositionOf(List.of(key)))
                .map(position -> position.line())
                .orElse(line);
    }
}
