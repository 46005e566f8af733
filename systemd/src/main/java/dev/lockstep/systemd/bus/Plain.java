package dev.lockstep.systemd.bus;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.Variant;

/** Values of the bus as plain ones: texts, booleans, numbers, lists and maps. */
public final class Plain {

    private Plain() {}

    /** One value; structures and arrays become lists. */
    public static Object of(Object value) {
        if (value instanceof Variant<?> variant) {
            return of(variant.getValue());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, element) -> plain.put(String.valueOf(key), of(element)));
            return plain;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Plain::of).toList();
        }
        if (value.getClass().isArray()) {
            List<Object> plain = new ArrayList<>();
            for (int index = 0; index < Array.getLength(value); index++) {
                plain.add(of(Array.get(value, index)));
            }
            return plain;
        }
        if (value instanceof DBusPath path) {
            return path.getPath();
        }
        return value instanceof Number number ? number.longValue() : value;
    }

    /** A map of properties. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> properties(Object value) {
        return (Map<String, Object>) of(value);
    }

    /** The members of a structure or an array that was made plain. */
    public static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /** A member that is a number. */
    public static long number(List<?> members, int index) {
        return members.size() > index && members.get(index) instanceof Number number ? number.longValue() : 0;
    }

    /** A member that is a text. */
    public static String text(List<?> members, int index) {
        return members.size() > index ? String.valueOf(members.get(index)) : "";
    }
}
