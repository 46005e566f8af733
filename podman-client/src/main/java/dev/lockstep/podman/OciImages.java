package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The images of an OCI directory, as a source. A list of several platforms need not have all of them here: what is looked for is the image of
 * one platform, and the list only for its digest.
 *
 * <p>Manifests are read and their digests checked; of layers and configurations it is seen that they are there with the right size. Their
 * content is proven by who pulls them.
 */
public final class OciImages {
    private final OciDirectory directory;
    private final OciBlobs blobs;
    private final OciIndex index;

    private OciImages(OciDirectory directory, OciBlobs blobs, OciIndex index) {
        this.directory = directory;
        this.blobs = blobs;
        this.index = index;
    }

    /**
     * Opens a directory for reading.
     *
     * @throws ImageException OCI_UNUSABLE when it is not one, or is one that was not finished
     */
    public static OciImages open(OciDirectory directory) throws ImageException {
        Path path = directory.path();
        if (!Files.isDirectory(path)) {
            throw new ImageException(
                    ImageError.OCI_UNUSABLE,
                    "there is no directory " + path + " to take images from",
                    "mount what it lies on, or correct the path; a service sees neither /tmp nor /var/tmp of others");
        }
        if (!Files.isRegularFile(path.resolve("oci-layout"))) {
            throw new ImageException(
                    ImageError.OCI_UNUSABLE,
                    path + " is not an OCI directory: it has no file oci-layout",
                    "make one with 'lockstep images pull --root DIR --to " + directory + "'");
        }
        Path file = path.resolve("index.json");
        if (!Files.isRegularFile(file)) {
            throw new ImageException(
                    ImageError.OCI_UNUSABLE,
                    directory + " is not finished: it has no index.json, which is written last",
                    "run 'lockstep images pull --root DIR --to " + directory + "' again");
        }
        try {
            return new OciImages(directory, new OciBlobs(path), OciIndex.parse(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw damaged(directory, "its index.json cannot be used: " + e.getMessage(), e);
        }
    }

    /** The directory. */
    public OciDirectory directory() {
        return directory;
    }

    OciBlobs blobs() {
        return blobs;
    }

    /**
     * What a reference means here: by its full name, or by its digest.
     *
     * @return empty when it is not here, or not for this platform
     * @throws ImageException OCI_UNUSABLE when it is here and a part of it is lacking or damaged
     */
    public Optional<ResolvedImage> resolve(ImageReference reference, PullOptions options) throws ImageException {
        Optional<String> named = reference.digest().or(() -> index.digest(reference));
        if (named.isEmpty() || !blobs.has(named.get())) {
            return Optional.empty();
        }
        try {
            ResolvedImage image = ImageLookup.resolve(
                    reference,
                    Platform.wanted(options),
                    wanted -> manifest(reference, wanted.digest().orElse(named.get())));
            requireWhole(image);
            return Optional.of(image);
        } catch (ImageException e) {
            // A platform that was left out when the directory was made.
            if (e.error() == ImageError.IMAGE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Whether an image that was resolved, here or elsewhere, is here by its digests.
     *
     * @throws ImageException OCI_UNUSABLE when its manifests are here and a layer of it is lacking
     */
    public boolean holds(ResolvedImage image) throws ImageException {
        if (!blobs.has(image.digest()) || !blobs.has(image.platformDigest())) {
            return false;
        }
        requireWhole(image);
        return true;
    }

    private byte[] manifest(ImageReference reference, String digest) throws ImageException {
        if (!blobs.has(digest)) {
            throw new ImageException(
                    ImageError.IMAGE_NOT_FOUND, directory + " does not hold " + reference.at(digest), hint(directory));
        }
        byte[] content;
        try {
            content = blobs.manifest(digest);
        } catch (IOException e) {
            throw damaged(
                    directory, "the manifest " + digest + " of " + reference + " cannot be read: " + e.getMessage(), e);
        }
        if (!Digests.sha256(content).equals(digest)) {
            throw damaged(directory, "the manifest " + digest + " of " + reference + " is not what its digest says");
        }
        return content;
    }

    private void requireWhole(ResolvedImage image) throws ImageException {
        for (ResolvedImage.Blob layer : image.layers()) {
            requireSize(image, layer);
        }
        if (!blobs.has(image.configDigest())) {
            throw damaged(image, "its configuration " + image.configDigest() + " is not there");
        }
    }

    private void requireSize(ResolvedImage image, ResolvedImage.Blob layer) throws ImageException {
        if (!blobs.has(layer.digest())) {
            throw damaged(image, "its layer " + layer.digest() + " is not there");
        }
        try {
            long size = Files.size(blobs.file(layer.digest()));
            if (size != layer.size()) {
                throw damaged(
                        image, "its layer " + layer.digest() + " has " + size + " bytes instead of " + layer.size());
            }
        } catch (IOException e) {
            throw damaged(directory, "the layer " + layer.digest() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ImageException damaged(ResolvedImage image, String what) {
        return damaged(directory, "of " + image.reference() + ", " + what);
    }

    /** Why an image could not be pulled from here, in words of this directory if that is to blame. */
    public ImageException explain(ResolvedImage image, LoopbackRegistry served, ImageException failure) {
        List<String> faults = served.faults(image);
        return faults.isEmpty() ? failure : damaged(image, String.join("; ", faults));
    }

    private static ImageException damaged(OciDirectory directory, String what) {
        return new ImageException(ImageError.OCI_UNUSABLE, directory + " is damaged: " + what, hint(directory));
    }

    private static ImageException damaged(OciDirectory directory, String what, IOException cause) {
        return new ImageException(ImageError.OCI_UNUSABLE, directory + " is damaged: " + what, hint(directory), cause);
    }

    private static String hint(OciDirectory directory) {
        return "run 'lockstep images pull --root DIR --to " + directory
                + "' again where its registry can be reached: it replaces what is damaged";
    }
}
