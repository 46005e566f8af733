package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into plain objects: {@code Map}, {@code List}, {@code String}, {@code Boolean}, {@code Long} or {@code BigDecimal},
 * and {@link #NULL}. Nothing is forgiven, names that are there twice among it, since a file that is not exactly JSON was not written by podman.
 */
final class JsonText {
    /** The value {@code null}. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final int MOST_LEVELS = 200;
    private static final int LONG_DIGITS = 18;

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * Reads one value.
     *
     * @throws IOException when the bytes are not one JSON value in UTF-8
     */
    static Object parse(byte[] bytes) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        }
        JsonText reader = new JsonText(text);
        reader.skipBlanks();
        Object value = reader.value(0);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.wrong("something follows the value");
        }
        return value;
    }

    private Object value(int level) throws JsonTextException {
        if (level > MOST_LEVELS) {
            throw wrong("it is deeper than " + MOST_LEVELS + " levels");
        }
        return switch (peek()) {
            case '{' -> object(level);
            case '[' -> list(level);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> object(int level) throws JsonTextException {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        skipBlanks();
        if (skip('}')) {
            return object;
        }
        do {
            skipBlanks();
            if (peek() != '"') {
                throw wrong("a name should be here");
            }
            String name = string();
            skipBlanks();
            expect(':');
            skipBlanks();
            if (object.put(name, value(level + 1)) != null) {
                throw wrong("the name '" + name + "' is there twice");
            }
            skipBlanks();
        } while (skip(','));
        expect('}');
        return object;
    }

    private List<Object> list(int level) throws JsonTextException {
        List<Object> list = new ArrayList<>();
        at++;
        skipBlanks();
        if (skip(']')) {
            return list;
        }
        do {
            skipBlanks();
            list.add(value(level + 1));
            skipBlanks();
        } while (skip(','));
        expect(']');
        return list;
    }

    private String string() throws JsonTextException {
        at++;
        int start = at;
        while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
            at++;
        }
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder string = new StringBuilder(text.substring(start, at));
        while (!skip('"')) {
            char character = peek();
            if (character < ' ') {
                throw wrong("a control character in a text");
            }
            at++;
            string.append(character == '\\' ? escaped() : character);
        }
        return string.toString();
    }

    private char escaped() throws JsonTextException {
        char character = peek();
        at++;
        return switch (character) {
            case '"', '\\', '/' -> character;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw wrong("no such escape");
        };
    }

    private char hexadecimal() throws JsonTextException {
        int character = 0;
        for (int index = 0; index < 4; index++) {
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw wrong("four hexadecimal digits should be here");
            }
            character = character << 4 | digit;
            at++;
        }
        return (char) character;
    }

    private Object literal(String word, Object value) throws JsonTextException {
        if (!text.startsWith(word, at)) {
            throw wrong("a value should be here");
        }
        at += word.length();
        return value;
    }

    private Object number() throws JsonTextException {
        int start = at;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        boolean whole = true;
        if (skip('.')) {
            whole = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            whole = false;
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        String number = text.substring(start, at);
        if (whole && number.length() <= LONG_DIGITS) {
            return Long.parseLong(number);
        }
        try {
            return new BigDecimal(number);
        } catch (NumberFormatException e) {
            throw wrong("a number is too large");
        }
    }

    private void digits() throws JsonTextException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (start == at) {
            throw wrong("a value should be here");
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws JsonTextException {
        if (at >= text.length()) {
            throw wrong("it ends too early");
        }
        return text.charAt(at);
    }

    private boolean skip(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) throws JsonTextException {
        if (!skip(wanted)) {
            throw wrong("'" + wanted + "' should be here");
        }
    }

    private JsonTextException wrong(String reason) {
        return new JsonTextException(at, reason);
    }
}
