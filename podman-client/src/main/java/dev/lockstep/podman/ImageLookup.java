package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import java.util.Optional;

/** Follows a reference to the image of one platform, whatever keeps the manifests. Digests are taken of the very bytes that are kept there. */
final class ImageLookup {

    private ImageLookup() {}

    /** What keeps manifests. */
    @FunctionalInterface
    interface Manifests {
        /** The bytes of what a reference means. */
        byte[] read(ImageReference reference) throws ImageException;
    }

    /**
     * Resolves a reference to digests and layers.
     *
     * @throws ImageException IMAGE_WRONG_PLATFORM; IMAGE_MALFORMED when what was read does not have the digest that was asked for or is not an
     *     image
     */
    static ResolvedImage resolve(ImageReference reference, Platform platform, Manifests manifests)
            throws ImageException {
        byte[] raw = manifests.read(reference);
        String digest = Digests.sha256(raw);
        requireDigest(reference, digest);
        Manifest manifest = Manifest.parse(reference, raw);
        return switch (manifest) {
            case Manifest.Image image ->
                new ResolvedImage(reference, digest, digest, image.configDigest(), image.layers());
            case Manifest.Index index -> resolvePlatform(reference, digest, index, platform, manifests);
        };
    }

    private static ResolvedImage resolvePlatform(
            ImageReference reference, String listDigest, Manifest.Index index, Platform platform, Manifests manifests)
            throws ImageException {
        String platformDigest = index.digestFor(platform)
                .orElseThrow(() -> new ImageException(
                        ImageError.IMAGE_WRONG_PLATFORM,
                        reference + " has no image for " + platform + "; it has " + index.platforms(),
                        "push the image for this platform, or choose another with Arch=, OS= and Variant="));
        ImageReference exact = reference.at(platformDigest);
        byte[] raw = manifests.read(exact);
        requireDigest(exact, Digests.sha256(raw));
        if (!(Manifest.parse(exact, raw) instanceof Manifest.Image image)) {
            throw Manifest.malformed(exact, "its list names another list");
        }
        String digest = platform.pulledBy(listDigest, platformDigest);
        return new ResolvedImage(reference, digest, platformDigest, image.configDigest(), image.layers());
    }

    private static void requireDigest(ImageReference reference, String actual) throws ImageException {
        Optional<String> wanted = reference.digest();
        if (wanted.isPresent() && !wanted.get().equals(actual)) {
            throw Manifest.malformed(reference, "the registry sent a manifest with the digest " + actual);
        }
    }
}
