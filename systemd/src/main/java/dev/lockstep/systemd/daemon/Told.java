package dev.lockstep.systemd.daemon;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.freedesktop.dbus.types.Variant;

/** What an object's watchers know of its properties. */
final class Told {
    private Map<String, Variant<?>> last = Map.of();

    /** What they do not know yet; from now on they do. */
    synchronized Map<String, Variant<?>> news(Map<String, Variant<?>> now) {
        Map<String, Variant<?>> news = new LinkedHashMap<>();
        now.forEach((name, value) -> {
            Variant<?> before = last.get(name);
            if (before == null || !same(before, value)) {
                news.put(name, value);
            }
        });
        last = now;
        return news;
    }

    /** Whether two values are the same, structures by their members. */
    private static boolean same(Variant<?> one, Variant<?> other) {
        return Objects.deepEquals(plain(one.getValue()), plain(other.getValue()));
    }

    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Told::plain).toArray();
        }
        return value;
    }
}
