package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What references with a digest mean, as the manifests say that a store keeps beside its images: the same bytes that a registry would send, so
 * that none is asked. An image that the store does not know under the reference's own repository and digest is not taken for it.
 */
final class StoredManifests {
    private final StoreFiles files;
    private final Map<String, String> imagesByName;

    StoredManifests(StoreFiles files) {
        this.files = files;
        this.imagesByName = files.names();
    }

    /** Empty when the reference has no digest, or the store lacks a manifest or has one that is not whole: then a registry is to be asked. */
    Optional<ResolvedImage> resolve(ImageReference reference, PullOptions options) {
        if (reference.digest().isEmpty()) {
            return Optional.empty();
        }
        String digest = reference.digest().get();
        String id = imagesByName.get(reference.at(digest).toString());
        if (id == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    ImageLookup.resolve(reference, Platform.wanted(options), wanted -> manifest(id, wanted)));
        } catch (ImageException e) {
            // Whatever is wrong with the store's copy, the registry has another.
            return Optional.empty();
        }
    }

    private byte[] manifest(String id, ImageReference wanted) throws ImageException {
        try {
            return files.bigData(id, "manifest-" + wanted.digest().orElseThrow())
                    .orElseThrow(() -> new ImageException(
                            ImageError.IMAGE_NOT_FOUND, "the store has no manifest of " + wanted, "ask its registry"));
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "the store's manifest of " + wanted + " cannot be read",
                    "ask its registry",
                    e);
        }
    }
}
