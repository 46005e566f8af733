package dev.lockstep.systemd.bus;

import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/**
 * What a message carries.
 *
 * @param signature the types, by the specification's letters
 * @param values as many as the signature has complete types; a structure is a list of its own wrapped in an array
 */
public record BusBody(String signature, List<Object> values) {
    /** Nothing. */
    public static final BusBody EMPTY = new BusBody("", List.of());

    /** Values with their types. */
    public static BusBody of(String signature, Object... values) {
        return new BusBody(signature, List.of(values));
    }

    /** One text. */
    public static BusBody text(String text) {
        return of("s", clean(text));
    }

    /** A value of {@code a{sv}}. */
    public static Variant<?> variant(String signature, Object value) {
        return new Variant<>(value instanceof String text ? clean(text) : value, signature);
    }

    /** A value that is a text. */
    public static Variant<?> variant(String text) {
        return variant("s", text);
    }

    /** A structure. */
    public static Object struct(Object... members) {
        Object[] cleaned = new Object[members.length];
        for (int index = 0; index < members.length; index++) {
            cleaned[index] = members[index] instanceof String text ? clean(text) : members[index];
        }
        return cleaned;
    }

    /** Unsigned 64 bits of a count that is never negative. */
    public static UInt64 unsigned(long count) {
        return new UInt64(Math.max(0, count));
    }

    /** The low 32 bits, unsigned; of -1 the number that stands for no user. */
    public static UInt32 unsigned32(long number) {
        return new UInt32(number & 0xffff_ffffL);
    }

    /** The bus ends the connection of whoever sends a zero byte in a text. */
    static String clean(String text) {
        return text.replace('\0', '\uFFFD');
    }

    /** A map of options as it arrives. */
    @SuppressWarnings("unchecked")
    public static Map<String, Variant<?>> options(Object value) {
        return (Map<String, Variant<?>>) value;
    }

    @Nullable
    String signatureOrNull() {
        return signature.isEmpty() ? null : signature;
    }

    Object[] array() {
        return values.toArray();
    }
}
