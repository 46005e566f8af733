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
        Platform platform = Platform.wanted(options);
        return manifest(reference, id, digest).flatMap(manifest -> switch (manifest) {
            case Manifest.Image image -> Optional.of(resolved(reference, digest, digest, image));
            case Manifest.Index index ->
                index.digestFor(platform)
                        .flatMap(exact -> manifest(reference, id, exact)
                                .filter(Manifest.Image.class::isInstance)
                                .map(Manifest.Image.class::cast)
                                .map(image -> resolved(reference, platform.pulledBy(digest, exact), exact, image)));
        });
    }

    private static ResolvedImage resolved(
            ImageReference reference, String digest, String platformDigest, Manifest.Image image) {
        return new ResolvedImage(reference, digest, platformDigest, image.configDigest(), image.layers());
    }

    private Optional<Manifest> manifest(ImageReference reference, String id, String digest) {
        try {
            Optional<byte[]> raw = files.bigData(id, "manifest-" + digest)
                    .filter(content -> Digests.sha256(content).equals(digest));
            return raw.isEmpty() ? Optional.empty() : Optional.of(Manifest.parse(reference, raw.get()));
        } catch (IOException | ImageException e) {
            // Whatever is wrong with the store's copy, the registry has another.
            return Optional.empty();
        }
    }
}
