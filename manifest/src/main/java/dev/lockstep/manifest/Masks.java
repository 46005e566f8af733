package dev.lockstep.manifest;

import java.io.IOException;
import java.util.Optional;

/** How a file in {@code /etc} makes one in {@code /usr} void: a link to {@code /dev/null}, or an empty file. */
final class Masks {
    private Masks() {}

    /** Whether a file masks. A root that no kernel runs has no {@code /dev/null}, so the link's text counts. */
    static boolean isMasked(RootTree root, String file) throws IOException {
        Optional<String> target = root.readLink(file);
        if (target.isPresent() && isNull(file, target.get())) {
            return true;
        }
        return root.kind(file).filter(FileKind.REGULAR::equals).isPresent() && isEmpty(root, file);
    }

    private static boolean isEmpty(RootTree root, String file) throws IOException {
        try {
            return root.read(file, 0).isPresent();
        } catch (UnreadableException e) {
            if (e.reason() == UnreadableException.Reason.TOO_LARGE) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isNull(String file, String target) {
        if (target.equals("/dev/null")) {
            return true;
        }
        // A relative link climbs at most to the root: as many steps up as it has, then dev/null.
        String below = target;
        while (below.startsWith("../")) {
            below = below.substring("../".length());
        }
        int up = (target.length() - below.length()) / "../".length();
        return below.equals("dev/null")
                && up >= file.chars().filter(c -> c == '/').count() - 1;
    }
}
