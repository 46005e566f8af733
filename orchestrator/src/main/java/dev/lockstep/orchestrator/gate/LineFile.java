package dev.lockstep.orchestrator.gate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The form of the files that transaction and gate hand to each other: UTF-8 lines. The first is the schema; then {@code KEY WORD…}, one blank
 * between them; the last is {@code end} and the SHA-256 of everything above it, so that a file which was not written to its end, or was changed
 * by hand, is never taken for a whole one. Blanks, controls and percent signs in words are {@code %XX} of their UTF-8 bytes; a percent sign
 * alone is the empty word.
 */
final class LineFile {
    private static final String END = "end";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private LineFile() {}

    /**
     * A line of a file that was read.
     *
     * @param number from 1
     * @param key its first word
     * @param words what follows, decoded
     */
    record Line(int number, String key, List<String> words) {
        Line {
            words = List.copyOf(words);
        }

        /** The words, which must be so many. */
        List<String> words(int count) throws LineFileException {
            if (words.size() != count) {
                throw wrong("'" + key + "' has " + words.size() + " values instead of " + count);
            }
            return words;
        }

        LineFileException wrong(String reason) {
            return new LineFileException(number, reason);
        }
    }

    /** Collects lines. */
    static final class Writer {
        private final StringBuilder text = new StringBuilder();

        Writer(String schema) {
            text.append(schema).append('\n');
        }

        Writer line(String key, String... words) {
            return line(key, List.of(words));
        }

        Writer line(String key, List<String> words) {
            text.append(key);
            for (String word : words) {
                text.append(' ').append(encoded(word));
            }
            text.append('\n');
            return this;
        }

        byte[] bytes() {
            byte[] above = text.toString().getBytes(StandardCharsets.UTF_8);
            text.append(END).append(' ').append(sha256(above)).append('\n');
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Reads a whole file of a schema.
     *
     * @return the lines between the first and the last
     */
    static List<Line> parse(String schema, byte[] bytes) throws LineFileException {
        String text = utf8(bytes);
        if (!text.startsWith(schema + "\n")) {
            throw new LineFileException(1, "it is not '" + schema + "'");
        }
        String[] lines = text.split("\n", -1);
        int last = lines.length - 1;
        if (!lines[last].isEmpty() || !lines[last - 1].startsWith(END + " ")) {
            throw new LineFileException(lines.length, "the file ends before its end");
        }
        String end = lines[last - 1] + "\n";
        byte[] above = text.substring(0, text.length() - end.length()).getBytes(StandardCharsets.UTF_8);
        if (!end.equals(END + " " + sha256(above) + "\n")) {
            throw new LineFileException(
                    last, "the lines above are not those that were written: their checksum differs");
        }
        List<Line> parsed = new ArrayList<>();
        for (int index = 1; index < last - 1; index++) {
            parsed.add(line(index + 1, lines[index]));
        }
        return parsed;
    }

    private static Line line(int number, String text) throws LineFileException {
        String[] words = text.split(" ", -1);
        List<String> decoded = new ArrayList<>();
        for (int index = 1; index < words.length; index++) {
            decoded.add(decoded(number, words[index]));
        }
        return new Line(number, words[0], decoded);
    }

    private static String utf8(byte[] bytes) throws LineFileException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new LineFileException(1, "the file is not UTF-8");
        }
    }

    private static String encoded(String word) {
        if (word.isEmpty()) {
            return "%";
        }
        if (isPlainAscii(word)) {
            return word;
        }
        StringBuilder encoded = new StringBuilder();
        for (int at = 0; at < word.length(); at += Character.charCount(word.codePointAt(at))) {
            int point = word.codePointAt(at);
            if (isPlain(point)) {
                encoded.appendCodePoint(point);
                continue;
            }
            for (byte unit : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                encoded.append('%').append(HEX.toHexDigits(unit));
            }
        }
        return encoded.toString();
    }

    /** Nearly every word; the gate has no time to look at each character closely. */
    private static boolean isPlainAscii(String word) {
        for (int at = 0; at < word.length(); at++) {
            char unit = word.charAt(at);
            if (unit <= ' ' || unit > '~' || unit == '%') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int point) {
        return point != '%'
                && !Character.isISOControl(point)
                && !Character.isWhitespace(point)
                && !Character.isSpaceChar(point)
                && Character.getType(point) != Character.SURROGATE;
    }

    private static String decoded(int number, String word) throws LineFileException {
        if (word.equals("%")) {
            return "";
        }
        if (!word.isEmpty() && isPlainAscii(word)) {
            return word;
        }
        byte[] units = word.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[units.length];
        int count = 0;
        for (int at = 0; at < units.length; at++) {
            if (units[at] != '%') {
                bytes[count++] = units[at];
                continue;
            }
            if (at + 2 >= units.length
                    || !HexFormat.isHexDigit(units[at + 1])
                    || !HexFormat.isHexDigit(units[at + 2])) {
                throw new LineFileException(number, "a percent sign is not followed by two hexadecimal digits");
            }
            bytes[count++] =
                    (byte) (HexFormat.fromHexDigit(units[at + 1]) << 4 | HexFormat.fromHexDigit(units[at + 2]));
            at += 2;
        }
        String decoded = new String(bytes, 0, count, StandardCharsets.UTF_8);
        if (!encoded(decoded).equals(word)) {
            throw new LineFileException(number, "a value is not encoded as it should be: '" + word + "'");
        }
        return decoded;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
