package dev.lockstep.manifest;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Values that Quadlet files and TOML files have in common, text to value. */
final class OptionValues {
    private static final Pattern PLATFORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./-]{0,63}");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");
    private static final int SHOWN = 200;
    private static final int MOST_EDITS = 3;

    private OptionValues() {}

    /** An absolute path without control characters. */
    static boolean isAbsolutePath(String text) {
        return text.startsWith("/") && text.chars().noneMatch(Character::isISOControl);
    }

    /** An architecture, operating system or variant. */
    static boolean isPlatformName(String text) {
        return PLATFORM.matcher(text).matches();
    }

    /** A number of retries. */
    static OptionalInt count(String text) {
        return COUNT.matcher(text).matches() ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    /** A value for a message: quoted, and cut when it is long. */
    static String quoted(String text) {
        return "'" + cut(text) + "'";
    }

    /** A text for a message, cut when it is long. */
    static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** The known word that a misspelt one most likely means; empty when none is near. */
    static Optional<String> nearest(String word, List<String> known) {
        String plain = plain(word);
        if (plain.length() > SHOWN) {
            return Optional.empty();
        }
        Optional<String> best = Optional.empty();
        int bestEdits = Math.min(MOST_EDITS, plain.length() / 2) + 1;
        for (String candidate : known) {
            int edits = edits(plain, plain(candidate));
            if (edits < bestEdits) {
                bestEdits = edits;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
