package dev.lockstep.orchestrator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * {@code lockstep.toml}: an administrator's file in {@code /etc/lockstep} takes the place of the distribution's in {@code /usr/lib/lockstep},
 * as a whole.
 *
 * @param target what {@code upgrade} leads to when it is not told otherwise
 * @param tlsVerify for the operating system's image; empty leaves it to {@code containers-registries.conf(5)}
 * @param authFile registry credentials for images whose own options name none
 * @param fetching how registries are asked and images fetched
 * @param checks run in the root that brings this configuration before it may be committed
 * @param reboots when the host reboots after a commit that was asked for as configured
 */
public record Configuration(
        Optional<Target> target,
        Optional<Boolean> tlsVerify,
        Optional<Path> authFile,
        Fetching fetching,
        List<Check> checks,
        Reboots reboots) {
    /** Without a file. */
    public static final Configuration DEFAULT = new Configuration(
            Optional.empty(), Optional.empty(), Optional.empty(), Fetching.usual(), List.of(), Reboots.NEVER);

    private static final List<Path> PLACES =
            List.of(Path.of("/etc/lockstep/lockstep.toml"), Path.of("/usr/lib/lockstep/lockstep.toml"));
    /** Those of quadlets and podman say what a root binds, and are read with it. */
    private static final Set<String> KEYS = Set.of(
            "target",
            "tls-verify",
            "auth-file",
            "parallel",
            "retries",
            "retry-delay",
            "retry-deadline",
            "stall-timeout",
            "check",
            "quadlets",
            "podman",
            "reboot",
            "window");

    private static final int MOST_RETRIES = 100;
    private static final int MOST_PARALLEL = 32;
    private static final int LONGEST_DELAY = 3600;
    private static final int LONGEST_DEADLINE = 86_400;
    private static final int DEFAULT_TIMEOUT = 60;
    private static final int LONGEST_TIMEOUT = 3600;
    private static final Set<String> CHECK_KEYS = Set.of("name", "command", "timeout");

    /**
     * A command that a new root wants to succeed before it is committed.
     *
     * @param name told when it fails
     * @param command program and arguments, inside that root
     * @param limit how long it may run
     */
    public record Check(String name, List<String> command, Duration limit) {
        public Check {
            command = List.copyOf(command);
        }
    }

    public Configuration {
        checks = List.copyOf(checks);
    }

    /**
     * Reads the given file, or the first of the usual ones that exists.
     *
     * @throws LockstepException CONFIGURATION with every problem of the file
     */
    public static Configuration load(Optional<Path> chosen) throws LockstepException {
        Optional<Path> file = chosen.isPresent()
                ? chosen
                : PLACES.stream().filter(Files::exists).findFirst();
        if (file.isEmpty()) {
            return DEFAULT;
        }
        String text;
        try {
            text = Files.readString(file.get());
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.CONFIGURATION,
                    "the configuration " + file.get() + " cannot be read: " + Failures.reason(e),
                    "correct the path given with --config, or the file's encoding and permissions",
                    e);
        }
        return parse(text, file.get().toString());
    }

    /** Reads the text of a file; {@code name} is only for messages. */
    public static Configuration parse(String text, String name) throws LockstepException {
        List<String> problems = new ArrayList<>();
        TomlParseResult toml;
        try {
            toml = Toml.parse(text);
        } catch (AssertionError e) {
            // tomlj asserts on some malformed input instead of reporting it.
            throw problems(name, List.of(name + ": it is not TOML"));
        }
        for (TomlParseError error : toml.errors()) {
            problems.add(name + ":" + error.position().line() + ": " + error.getMessage());
        }
        if (!problems.isEmpty()) {
            throw problems(name, problems);
        }
        Reader reader = new Reader(toml, name, problems);
        reader.refuseUnknown(KEYS);
        Configuration configuration = new Configuration(
                reader.string("target").flatMap(value -> reader.convert("target", () -> Target.parse(value))),
                reader.bool("tls-verify"),
                reader.string("auth-file").flatMap(value -> reader.convert("auth-file", () -> absolute(value))),
                fetching(reader),
                reader.checks(),
                RebootKeys.read(toml, name, problems));
        if (!problems.isEmpty()) {
            throw problems(name, problems);
        }
        return configuration;
    }

    private static Fetching fetching(Reader reader) {
        Fetching usual = DEFAULT.fetching;
        return new Fetching(
                reader.integer("parallel", usual.parallel(), 1, MOST_PARALLEL),
                reader.integer("retries", usual.retries(), 0, MOST_RETRIES),
                reader.seconds("retry-delay", usual.retryDelay(), 0, LONGEST_DELAY),
                reader.seconds("retry-deadline", usual.retryDeadline(), 0, LONGEST_DEADLINE),
                reader.seconds("stall-timeout", usual.stallTimeout(), 1, LONGEST_DELAY));
    }

    private static Path absolute(String value) {
        if (!value.startsWith("/")) {
            throw new IllegalArgumentException("'" + value + "' is not an absolute path");
        }
        return Path.of(value);
    }

    private static LockstepException problems(String name, Collection<String> problems) {
        return new LockstepException(
                ErrorCode.CONFIGURATION,
                "the configuration has " + problems.size() + (problems.size() == 1 ? " problem:\n  " : " problems:\n  ")
                        + String.join("\n  ", problems),
                "correct " + name + "; its keys are target, tls-verify, auth-file, parallel, retries, retry-delay,"
                        + " retry-deadline, stall-timeout, quadlets, podman.version, reboot, and tables [[check]]"
                        + " and [window]");
    }

    /** Takes typed values out of a table and notes what is wrong with them. */
    private record Reader(TomlParseResult toml, String name, List<String> problems) {

        List<Check> checks() {
            List<Check> checks = new ArrayList<>();
            TomlArray tables = toml.isArray("check") ? toml.getArray("check") : null;
            if (toml.contains("check") && (tables == null || !all(tables, TomlTable.class))) {
                note("check", "must be tables [[check]]");
                return List.of();
            }
            for (int index = 0; tables != null && index < tables.size(); index++) {
                check(tables.getTable(index), name + ":" + line(tables.inputPositionOf(index)))
                        .ifPresent(checks::add);
            }
            return checks;
        }

        private static boolean all(TomlArray array, Class<?> type) {
            return array.toList().stream().allMatch(type::isInstance);
        }

        private Optional<Check> check(TomlTable table, String place) {
            for (String key : table.keySet()) {
                if (!CHECK_KEYS.contains(key)) {
                    problems.add(place + ": check." + key + ": unknown key; a check has name, command, timeout");
                }
            }
            TomlArray command = table.isArray("command") ? table.getArray("command") : null;
            if (command == null || command.isEmpty() || !all(command, String.class)) {
                problems.add(place + ": check.command: must be a list of strings, the program first");
                return Optional.empty();
            }
            List<String> words = new ArrayList<>();
            for (int index = 0; index < command.size(); index++) {
                words.add(command.getString(index));
            }
            String called = table.isString("name") ? String.valueOf(table.getString("name")) : words.get(0);
            Long given = table.isLong("timeout") ? table.getLong("timeout") : null;
            if (table.contains("timeout") && (given == null || given < 1 || given > LONGEST_TIMEOUT)) {
                problems.add(place + ": check.timeout: must be a whole number from 1 to " + LONGEST_TIMEOUT);
                return Optional.empty();
            }
            return Optional.of(new Check(called, words, Duration.ofSeconds(given == null ? DEFAULT_TIMEOUT : given)));
        }

        void refuseUnknown(Set<String> known) {
            for (String key : toml.keySet()) {
                if (!known.contains(key)) {
                    note(key, "unknown key");
                }
            }
        }

        Optional<String> string(String key) {
            if (!toml.contains(key)) {
                return Optional.empty();
            }
            if (toml.isString(key)) {
                return Optional.ofNullable(toml.getString(key));
            }
            note(key, "must be a string");
            return Optional.empty();
        }

        Optional<Boolean> bool(String key) {
            if (!toml.contains(key)) {
                return Optional.empty();
            }
            if (toml.isBoolean(key)) {
                return Optional.ofNullable(toml.getBoolean(key));
            }
            note(key, "must be true or false");
            return Optional.empty();
        }

        Duration seconds(String key, Duration otherwise, int least, int most) {
            return Duration.ofSeconds(integer(key, (int) otherwise.toSeconds(), least, most));
        }

        int integer(String key, int otherwise, int least, int most) {
            if (!toml.contains(key)) {
                return otherwise;
            }
            Long value = toml.isLong(key) ? toml.getLong(key) : null;
            if (value == null || value < least || value > most) {
                note(key, "must be a whole number from " + least + " to " + most);
                return otherwise;
            }
            return value.intValue();
        }

        <T> Optional<T> convert(String key, java.util.function.Supplier<T> conversion) {
            try {
                return Optional.of(conversion.get());
            } catch (IllegalArgumentException e) {
                note(key, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        private void note(String key, String what) {
            problems.add(name + ":" + line(toml.inputPositionOf(List.of(key))) + ": " + key + ": " + what);
        }

        private static int line(@Nullable TomlPosition position) {
            return position == null ? 1 : position.line();
        }
    }
}
