package dev.lockstep.orchestrator;

import dev.lockstep.manifest.ImageReference;

/** Where the next operating system tree comes from. */
public sealed interface Target {

    /** A bootable container image in a registry. */
    record Image(ImageReference reference) implements Target {
        @Override
        public String toString() {
            return reference.toString();
        }
    }

    /** A ref or a commit of the sysroot's own ostree repository. */
    record OstreeRef(String ref) implements Target {
        /** A part never begins with a dash, so that a ref is never taken for an option. */
        private static final String PART = "[A-Za-z0-9_][A-Za-z0-9_.-]*";

        private static final String GRAMMAR = "(?:" + PART + ":)?" + PART + "(?:/" + PART + ")*";

        @Override
        public String toString() {
            return "ostree:" + ref;
        }
    }

    /**
     * Reads {@code ostree:REF} as a ref, everything else as an image reference, with or without {@code docker://}.
     *
     * @throws IllegalArgumentException when it is neither; the message says why
     */
    static Target parse(String text) {
        if (text.startsWith("ostree:")) {
            String ref = text.substring("ostree:".length());
            if (!ref.matches(OstreeRef.GRAMMAR)) {
                throw new IllegalArgumentException("'" + ref + "' is not an ostree ref");
            }
            return new OstreeRef(ref);
        }
        return new Image(ImageReference.parse(text));
    }
}
