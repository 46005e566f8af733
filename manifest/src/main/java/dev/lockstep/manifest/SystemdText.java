package dev.lockstep.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What systemd makes of a word of {@code ExecStart=}, as far as it is known without the running host: {@code %%} is a percent sign and
 * {@code $$} a dollar sign. Any other specifier or variable is refused.
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

    static Expanded expand(String word) {
        if (WHOLE_VARIABLE.matcher(word).matches()) {
            return new Unknown(word);
        }
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < word.length()) {
            char c = word.charAt(at);
            char next = at + 1 < word.length() ? word.charAt(at + 1) : '\0';
            if (c == '%' && next != '%') {
                int end = Math.min(
                        word.length(),
                        at + 1 + Character.charCount(word.codePointAt(Math.min(at + 1, word.length() - 1))));
                return new Unknown(word.substring(at, end));
            }
            if (c == '$' && next == '{') {
                Matcher variable = VARIABLE.matcher(word).region(at, word.length());
                return new Unknown(variable.lookingAt() ? variable.group() : "${");
            }
            text.append(c);
            at += (c == '%' || (c == '$' && next == '$')) ? 2 : 1;
        }
        return new Text(text.toString());
    }
}
