package dev.lockstep.manifest;

import java.util.List;

/**
 * One application image that a root binds.
 *
 * @param reference what the unit that uses the image names, in canonical form
 * @param mode whether the commit waits for it
 * @param pull how it is fetched
 * @param sources the files that bind it, at least one, in the order in which they were read
 */
public record BoundImage(ImageReference reference, Mode mode, PullOptions pull, List<Source> sources) {

    public BoundImage {
        sources = List.copyOf(sources);
    }

    /** How strongly an image is bound to its deployment. */
    public enum Mode {
        /** The deployment is not committed before the image is confirmed present. */
        BIND,
        /** Fetched when it can be; a failure is a warning and holds nothing. */
        PREFETCH
    }

    /** The kind of file that bound an image, as {@code images list} prints it. */
    public enum Kind {
        /** A Quadlet {@code .image} file. */
        IMAGE,
        /** A Quadlet {@code .container} file. */
        CONTAINER,
        /** A Kubernetes manifest that a Quadlet {@code .kube} file plays. */
        KUBE,
        /** A Quadlet {@code .volume} file with {@code Driver=image}. */
        VOLUME,
        /** {@code Mount=type=image} of a Quadlet {@code .container} file. */
        MOUNT,
        /** A Quadlet {@code .build} file. */
        BUILD,
        /** A Quadlet {@code .artifact} file, or {@code Mount=type=artifact}. */
        ARTIFACT,
        /** An {@code [[image]]} table of a {@code bound-images} TOML file. */
        TOML,
        /** A Kubernetes manifest of the distribution. */
        MANIFEST
    }

    /**
     * Where an image was named.
     *
     * @param file absolute path inside the root
     * @param line 1-based line of the assignment that won
     * @param kind the kind of file
     * @param use how the unit that names it there comes by it
     */
    public record Source(String file, int line, Kind kind, ImageUse use) {

        /** An image that no unit names. */
        public Source(String file, int line, Kind kind) {
            this(file, line, kind, ImageUse.NONE);
        }
    }
}
