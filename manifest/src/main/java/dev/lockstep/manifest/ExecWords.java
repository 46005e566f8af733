package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How Quadlet splits a value into words, after {@code systemd.syntax(7)}: at blanks, with quotation marks of both kinds taken off. A NUL ends
 * the text, and so does an empty word, since Quadlet takes it for the end.
 */
final class ExecWords {
    private static final String BLANKS = " \t\n\r";
    private static final char END = '\0';

    private final String text;
    private final boolean escapes;
    private int at;

    private ExecWords(String text, boolean escapes) {
        this.text = text;
        this.escapes = escapes;
    }

    /** Words of a command line: C escapes are undone, a quotation mark may stay open. Empty when an escape is unknown. */
    static Optional<List<String>> arguments(String text) {
        return new ExecWords(text, true).words();
    }

    /** Words of a list: backslashes are plain characters. Empty when a quotation mark stays open. */
    static Optional<List<String>> strings(String text) {
        return new ExecWords(text, false).words();
    }

    private Optional<List<String>> words() {
        List<String> words = new ArrayList<>();
        while (true) {
            skipBlanks();
            StringBuilder word = new StringBuilder();
            if (!read(word)) {
                return Optional.empty();
            }
            if (word.isEmpty()) {
                return Optional.of(words);
            }
            words.add(word.toString());
        }
    }

    private char current() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private void skipBlanks() {
        while (current() != END && BLANKS.indexOf(current()) >= 0) {
            at++;
        }
    }

    /** Reads one word; false when Quadlet rejects the text. */
    private boolean read(StringBuilder word) {
        char quote = END;
        for (char c = current(); c != END; c = current()) {
            at++;
            if (c == '\\' && escapes) {
                if (!unescape(word)) {
                    return false;
                }
            } else if (quote != END) {
                if (c == quote) {
                    quote = END;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (BLANKS.indexOf(c) >= 0) {
                return true;
            } else {
                word.append(c);
            }
        }
        return quote == END || escapes;
    }

    /** What follows a backslash; at the end of the text it is dropped. */
    private boolean unescape(StringBuilder word) {
        char c = current();
        if (c == END) {
            return true;
        }
        int plain = "abfnrtvs\\\"'".indexOf(c);
        if (plain >= 0) {
            word.append("\u0007\b\f\n\r\t\u000b \\\"'".charAt(plain));
            at++;
            return true;
        }
        return switch (c) {
            case 'x' -> number(word, 1, 2, 16);
            case 'u' -> number(word, 1, 4, 16);
            case 'U' -> number(word, 1, 8, 16);
            default -> c >= '0' && c <= '7' && number(word, 0, 3, 8);
        };
    }

    private boolean number(StringBuilder word, int skipped, int digits, int radix) {
        int start = at + skipped;
        if (start + digits > text.length()) {
            return false;
        }
        long value = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return false;
            }
            value = value * radix + digit;
        }
        if (value == 0 || value > Character.MAX_CODE_POINT || (radix == 8 && value > 0xFF)) {
            return false;
        }
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        word.appendCodePoint(surrogate ? 0xFFFD : (int) value);
        at = start + digits;
        return true;
    }
}
