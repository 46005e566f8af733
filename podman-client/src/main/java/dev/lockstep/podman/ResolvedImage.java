package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import java.util.List;

/**
 * What a reference meant at one moment, as its registry said.
 *
 * @param reference what was asked for, canonical
 * @param digest what is pulled: the digest of the list when there is one and the platform is the default one, else of the platform's manifest
 * @param platformDigest the digest of the manifest for the wanted platform; equal to {@code digest} when there is no list
 * @param configDigest the image's ID: digest of its configuration
 * @param layers compressed layers as the registry holds them, base first
 */
public record ResolvedImage(
        ImageReference reference, String digest, String platformDigest, String configDigest, List<Blob> layers) {

    public ResolvedImage {
        layers = List.copyOf(layers);
    }

    /** {@code registry/repository@digest}, the only name by which it is pulled, confirmed and pinned. */
    public ImageReference pinned() {
        return reference.at(digest);
    }

    /** The bytes of all compressed layers. */
    public long size() {
        return layers.stream().mapToLong(Blob::size).sum();
    }

    /**
     * A blob in a registry.
     *
     * @param digest of the compressed content
     * @param size in bytes
     */
    public record Blob(String digest, long size) {}
}
