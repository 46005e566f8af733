package dev.lockstep.orchestrator;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The keys {@code reboot} and {@code [window]} of a configuration; what is wrong with them is added to its problems. */
final class RebootKeys {
    private static final Set<String> WINDOW_KEYS = Set.of("days", "start", "minutes");
    private static final int LONGEST = 24 * 60;

    private final TomlTable toml;
    private final String name;
    private final List<String> problems;

    private RebootKeys(TomlTable toml, String name, List<String> problems) {
        this.toml = toml;
        this.name = name;
        this.problems = problems;
    }

    static Reboots read(TomlTable toml, String name, List<String> problems) {
        return new RebootKeys(toml, name, problems).read();
    }

    private Reboots read() {
        Optional<Reboots.Window> window = window();
        String word = toml.isString("reboot") ? String.valueOf(toml.getString("reboot")) : "";
        if (!toml.contains("reboot")) {
            return new Reboots(Reboots.Strategy.NEVER, window);
        }
        for (Reboots.Strategy strategy : Reboots.Strategy.values()) {
            if (strategy.name().toLowerCase(Locale.ROOT).equals(word)) {
                if (strategy == Reboots.Strategy.WINDOW && !toml.contains("window")) {
                    note("reboot", "reboot", "needs a table [window] with start and minutes");
                }
                return new Reboots(strategy, window);
            }
        }
        note("reboot", "reboot", "must be one of never, immediate, window");
        return Reboots.NEVER;
    }

    private Optional<Reboots.Window> window() {
        if (!toml.contains("window")) {
            return Optional.empty();
        }
        TomlTable table = toml.isTable("window") ? toml.getTable("window") : null;
        if (table == null) {
            note("window", "window", "must be a table [window]");
            return Optional.empty();
        }
        for (String key : table.keySet()) {
            if (!WINDOW_KEYS.contains(key)) {
                note("window", "window." + key, "unknown key; a window has days, start, minutes");
            }
        }
        Optional<Set<DayOfWeek>> days = days(table);
        Optional<LocalTime> start = start(table);
        Long minutes = table.isLong("minutes") ? table.getLong("minutes") : null;
        if (minutes == null || minutes < 1 || minutes > LONGEST) {
            note("window", "window.minutes", "must be a whole number from 1 to " + LONGEST);
            return Optional.empty();
        }
        Duration length = Duration.ofMinutes(minutes);
        return days.flatMap(some -> start.map(time -> new Reboots.Window(some, time, length)));
    }

    private Optional<LocalTime> start(TomlTable table) {
        try {
            return Optional.of(
                    LocalTime.parse(table.isString("start") ? String.valueOf(table.getString("start")) : ""));
        } catch (DateTimeParseException e) {
            note("window", "window.start", "must be a time of day such as \"02:30\"");
            return Optional.empty();
        }
    }

    private Optional<Set<DayOfWeek>> days(TomlTable table) {
        if (!table.contains("days")) {
            return Optional.of(EnumSet.allOf(DayOfWeek.class));
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        TomlArray words = table.isArray("days") ? table.getArray("days") : null;
        List<Object> list = words == null ? List.of() : new ArrayList<>(words.toList());
        for (Object word : list) {
            for (DayOfWeek day : DayOfWeek.values()) {
                if (day.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(word)) {
                    days.add(day);
                }
            }
        }
        if (list.isEmpty() || days.size() != list.size()) {
            note("window", "window.days", "must be a list of different days: mon, tue, wed, thu, fri, sat, sun");
            return Optional.empty();
        }
        return Optional.of(days);
    }

    private void note(String at, String key, String what) {
        TomlPosition position = toml.inputPositionOf(List.of(at));
        problems.add(name + ":" + (position == null ? 1 : position.line()) + ": " + key + ": " + what);
    }
}
