package dev.lockstep.manifest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The specifiers that are made of a unit's name. Those of the instance have no value in a template; in a unit without instance systemd takes
 * them for nothing, which nobody means, so they have none there either.
 */
final class UnitNames {
    private final String stem;
    private final String prefix;
    private final Optional<String> instance;
    private final boolean isTemplate;

    /** Takes the name without {@code .service}. */
    UnitNames(String stem) {
        this.stem = stem;
        int at = stem.indexOf('@');
        this.prefix = at < 0 ? stem : stem.substring(0, at);
        this.isTemplate = at >= 0 && at == stem.length() - 1;
        this.instance = at < 0 || isTemplate ? Optional.empty() : Optional.of(stem.substring(at + 1));
    }

    /** The whole name, {@code %n}. */
    Optional<String> full() {
        return isTemplate ? Optional.empty() : Optional.of(stem + ".service");
    }

    Optional<String> value(char letter) {
        String last = prefix.substring(prefix.lastIndexOf('-') + 1);
        return switch (letter) {
            case 'n' -> full();
            case 'N' -> isTemplate ? Optional.empty() : Optional.of(stem);
            case 'p' -> Optional.of(prefix);
            case 'P' -> Optional.of(unescaped(prefix));
            case 'j' -> Optional.of(last);
            case 'J' -> Optional.of(unescaped(last));
            case 'i' -> instance;
            case 'I' -> instance.map(UnitNames::unescaped);
            case 'f' ->
                (stem.contains("@") ? instance : Optional.of(prefix))
                        .map(text -> "/" + unescaped(text).replaceFirst("^/+", ""));
            default -> Optional.empty();
        };
    }

    /** Undoes {@code systemd-escape(1)}: a hyphen is a slash, {@code \xHH} a byte. */
    private static String unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int end = at + "\\xHH".length();
            if (text.startsWith("\\x", at) && end <= text.length() && isHex(text.substring(at + 2, end))) {
                bytes.write(Integer.parseInt(text.substring(at + 2, end), 16));
                at = end;
            } else {
                int point = text.codePointAt(at);
                bytes.writeBytes((point == '-' ? "/" : Character.toString(point)).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(point);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }
}
