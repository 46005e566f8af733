package dev.lockstep.orchestrator.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of GLib's serialisation, <a href="https://docs.gtk.org/glib/gvariant-specification-1.0.html">GVariant 1.0</a>, in the byte order of
 * the little-endian hosts that write it. As much of it as ostree's staged deployment needs; a value of another type is kept as it is.
 *
 * <p>Unlike GLib, which takes default values for what is malformed, this reader takes only the normal form.
 */
public sealed interface Variant {

    /** Type {@code s}. */
    record Text(String value) implements Variant {}

    /** Type {@code b}. */
    record Bool(boolean value) implements Variant {}

    /**
     * Type {@code u}.
     *
     * @param value 0 to 2^32 - 1
     */
    record Unsigned(long value) implements Variant {}

    /** Type {@code as}. */
    record Texts(List<String> values) implements Variant {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** Type <code>a{sv}</code>; no key is there twice. The entries keep their order. */
    record Dictionary(Map<String, Variant> entries) implements Variant {
        public Dictionary {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /**
     * Any other type; its bytes are not looked at.
     *
     * @param type its type string
     */
    record Opaque(String type) implements Variant {}

    /** The most dictionaries in dictionaries. */
    int MOST_LEVELS = 64;

    /**
     * Reads a dictionary <code>a{sv}</code> that fills the bytes.
     *
     * @throws VariantException with the offset of what is malformed
     */
    static Dictionary parse(byte[] bytes) throws VariantException {
        return new Reader(bytes).dictionary(0, bytes.length, 0);
    }

    /** Reads parts of the bytes, each given as its first byte and the one behind its last. */
    final class Reader {
        private static final String DICTIONARY = "a{sv}";
        private static final int ALIGNMENT = 8;

        private final byte[] bytes;

        private Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        private Dictionary dictionary(int start, int end, int level) throws VariantException {
            if (level > MOST_LEVELS) {
                throw new VariantException(start, "dictionaries lie in one another more than " + MOST_LEVELS + " deep");
            }
            Map<String, Variant> entries = new LinkedHashMap<>();
            int next = start;
            for (int entryEnd : ends(start, end)) {
                int entry = aligned(start, next, entryEnd);
                if (entries.put(key(entry, entryEnd), value(entry, entryEnd, level)) != null) {
                    throw new VariantException(entry, "the key " + key(entry, entryEnd) + " is there twice");
                }
                next = entryEnd;
            }
            return new Dictionary(entries);
        }

        /** Where the elements of an array of elements without a fixed size end: a table of offsets behind them says it. */
        private List<Integer> ends(int start, int end) throws VariantException {
            List<Integer> ends = new ArrayList<>();
            if (start == end) {
                return ends;
            }
            int width = offsetWidth(end - start);
            int table = start + offset(start, end, end - width);
            if (table > end - width || (end - table) % width != 0) {
                throw new VariantException(end - width, "the array's table of offsets has no whole number of them");
            }
            int before = start;
            for (int at = table; at < end; at += width) {
                int element = start + offset(start, end, at);
                if (element < before || element > table) {
                    throw new VariantException(at, "an element of the array ends where it cannot");
                }
                ends.add(element);
                before = element;
            }
            return ends;
        }

        private String key(int start, int end) throws VariantException {
            return text(start, keyEnd(start, end));
        }

        private int keyEnd(int start, int end) throws VariantException {
            if (end - start < 2) {
                throw new VariantException(start, "a dictionary's entry is too short");
            }
            int width = offsetWidth(end - start);
            int keyEnd = start + offset(start, end, end - width);
            if (keyEnd > end - width) {
                throw new VariantException(end - width, "a key ends behind its entry");
            }
            return keyEnd;
        }

        private Variant value(int start, int end, int level) throws VariantException {
            int valueEnd = end - offsetWidth(end - start);
            return variant(aligned(start, keyEnd(start, end), valueEnd), valueEnd, level);
        }

        /** A value, a zero byte, its type. */
        private Variant variant(int start, int end, int level) throws VariantException {
            int separator = end - 1;
            while (separator >= start && bytes[separator] != 0) {
                separator--;
            }
            if (separator < start) {
                throw new VariantException(start, "a value has no type");
            }
            String type = ascii(separator + 1, end);
            return switch (type) {
                case "s" -> new Text(text(start, separator));
                case "b" -> new Bool(bool(start, separator));
                case "u" -> new Unsigned(number(start, separator));
                case "as" -> new Texts(texts(start, separator));
                case DICTIONARY -> dictionary(start, separator, level + 1);
                default -> new Opaque(type);
            };
        }

        private List<String> texts(int start, int end) throws VariantException {
            List<String> texts = new ArrayList<>();
            int next = start;
            for (int textEnd : ends(start, end)) {
                texts.add(text(next, textEnd));
                next = textEnd;
            }
            return texts;
        }

        private boolean bool(int start, int end) throws VariantException {
            if (end - start != 1 || bytes[start] < 0 || bytes[start] > 1) {
                throw new VariantException(start, "a boolean is not one byte 0 or 1");
            }
            return bytes[start] == 1;
        }

        private long number(int start, int end) throws VariantException {
            if (end - start != Integer.BYTES) {
                throw new VariantException(start, "a number of type u does not have 4 bytes");
            }
            return Integer.toUnsignedLong(
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(start));
        }

        private String text(int start, int end) throws VariantException {
            int zero = start;
            while (zero < end && bytes[zero] != 0) {
                zero++;
            }
            if (zero != end - 1) {
                throw new VariantException(start, "a text does not end with its only zero byte");
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes, start, zero - start))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new VariantException(start, "a text is not UTF-8");
            }
        }

        private String ascii(int start, int end) throws VariantException {
            if (start == end) {
                throw new VariantException(start, "a value has an empty type");
            }
            for (int at = start; at < end; at++) {
                if (bytes[at] <= ' ' || bytes[at] > '~') {
                    throw new VariantException(at, "a type has a character that no type has");
                }
            }
            return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
        }

        /** The next place, counted from its container's start, at which a value may begin; what is between must be zero bytes. */
        private int aligned(int start, int from, int end) throws VariantException {
            int place = start + (from - start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            if (place > end) {
                throw new VariantException(from, "a value would begin behind its container");
            }
            for (int at = from; at < place; at++) {
                if (bytes[at] != 0) {
                    throw new VariantException(at, "the room before a value is not empty");
                }
            }
            return place;
        }

        private int offset(int start, int end, int at) throws VariantException {
            int width = offsetWidth(end - start);
            if (at < start || at + width > end) {
                throw new VariantException(start, "there is no room for an offset");
            }
            long offset = 0;
            for (int index = width - 1; index >= 0; index--) {
                offset = offset << Byte.SIZE | Byte.toUnsignedInt(bytes[at + index]);
            }
            if (offset > end - start) {
                throw new VariantException(at, "an offset leads out of its container");
            }
            return (int) offset;
        }

        /** How many bytes an offset has in a container of this size. */
        private static int offsetWidth(int size) {
            if (size <= 0xFF) {
                return 1;
            }
            return size <= 0xFFFF ? 2 : Integer.BYTES;
        }
    }
}
