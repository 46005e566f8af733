package dev.lockstep.manifest;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What systemd makes of a word of {@code ExecStart=}, as far as it is known without the running host: {@code %%} is a percent sign,
 * {@code $$} a dollar sign, and {@code %} before what is no letter or digit stays. Variables are refused.
 */
final class SystemdText {
    private static final Pattern WHOLE_VARIABLE = Pattern.compile("\\$[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[^}]*}?");

    private SystemdText() {}

    /** What came of it. */
    sealed interface Expanded {}

    /** The text that podman sees. */
    record Text(String value) implements Expanded {}

    /** The specifier or variable whose value is not known. */
    record Unknown(String what) implements Expanded {}

    /** Expands a word with no specifier known. */
    static Expanded expand(String word) {
        return expand(word, letter -> Optional.empty());
    }

    /** Expands a word; {@code known} gives the values of specifiers, by their letter. */
    static Expanded expand(String word, Function<Character, Optional<String>> known) {
        return WHOLE_VARIABLE.matcher(word).matches() ? new Unknown(word) : expandInside(word, known);
    }

    /** Expands a part of a word, where a variable needs braces. */
    static Expanded expandInside(String word, Function<Character, Optional<String>> known) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < word.length()) {
            char c = word.charAt(at);
            char next = at + 1 < word.length() ? word.charAt(at + 1) : '\0';
            if (c == '%' && isAlphanumeric(next)) {
                Optional<String> value = known.apply(next);
                if (value.isEmpty()) {
                    return new Unknown("%" + next);
                }
                text.append(value.get());
                at += 2;
                continue;
            }
            if (c == '$' && next == '{') {
                Matcher variable = VARIABLE.matcher(word).region(at, word.length());
                return new Unknown(variable.lookingAt() ? variable.group() : "${");
            }
            text.append(c);
            at += (c == '%' && next == '%') || (c == '$' && next == '$') ? 2 : 1;
        }
        return new Text(text.toString());
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
