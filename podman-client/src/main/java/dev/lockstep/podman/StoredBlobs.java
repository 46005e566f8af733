package dev.lockstep.podman;

import java.util.Set;

/**
 * The layers of a store as registries have them ({@code layers.json}, {@code compressed-diff-digest}).
 *
 * @param digests of the compressed layers
 * @param compressed bytes of these, as they were fetched
 * @param unpacked bytes of these, as archives
 */
public record StoredBlobs(Set<String> digests, long compressed, long unpacked) {
    /** Of images from public registries, packed by gzip; for a store that has too little to tell its own. */
    private static final double USUAL_EXPANSION = 2.5;

    private static final long TOO_LITTLE = 1 << 20;
    private static final double MOST_EXPANSION = 4;

    public StoredBlobs {
        digests = Set.copyOf(digests);
    }

    /** Nothing. */
    public static StoredBlobs none() {
        return new StoredBlobs(Set.of(), 0, 0);
    }

    /** How many times larger a layer is unpacked than packed, as those that are here are: a host's images are of one kind. */
    public double expansion() {
        if (compressed < TOO_LITTLE) {
            return USUAL_EXPANSION;
        }
        return Math.clamp((double) unpacked / compressed, 1, MOST_EXPANSION);
    }
}
