package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.disk.Space;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes images into an OCI directory. A blob gets its name when it is whole and on the medium, and {@code index.json} names an image when all
 * of it is there; so a run that was killed leaves a directory without an index, or with that of before, and the next one goes on with the
 * blobs that came. What other programs have put there stays.
 */
public final class OciWriter {
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}\n";
    private static final String UPLOADS = ".lockstep-uploads";

    private final OciDirectory directory;
    private final OciBlobs blobs;
    private final OciIndex index;
    private final BlobUploads arriving;
    private final Set<String> whole = new HashSet<>();

    private OciWriter(OciDirectory directory, OciIndex index) {
        this.directory = directory;
        this.blobs = new OciBlobs(directory.path());
        this.arriving = new BlobUploads(blobs, uploads());
        this.index = index;
    }

    /**
     * Opens a directory for writing; it is made when it is not there. What an interrupted run was receiving is removed.
     *
     * @throws ImageException OCI_UNUSABLE when something else is there, or it cannot be written
     */
    public static OciWriter open(OciDirectory directory) throws ImageException {
        Path path = directory.path();
        try {
            Files.createDirectories(path);
            requireLayoutOrNothing(path);
            OciWriter writer = new OciWriter(directory, readIndex(path));
            Files.createDirectories(writer.blobs.directory());
            DurableFiles.deleteTree("oci-uploads", writer.uploads());
            Files.createDirectories(writer.uploads());
            DurableFiles.write("oci-layout", path.resolve("oci-layout"), LAYOUT.getBytes(StandardCharsets.UTF_8));
            return writer;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static void requireLayoutOrNothing(Path path) throws IOException, ImageException {
        if (Files.exists(path.resolve("oci-layout"))) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            // A new file system has a directory of its own at its root, and a killed run may have got no further.
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!Set.of("lost+found", "blobs", UPLOADS).contains(name) && !name.startsWith(".oci-layout.")) {
                    throw new ImageException(
                            ImageError.OCI_UNUSABLE,
                            path + " is not an OCI directory, and not empty: it has " + name,
                            "name an empty directory, or one that is to be made");
                }
            }
        }
    }

    private static OciIndex readIndex(Path path) throws IOException {
        Path file = path.resolve("index.json");
        return Files.exists(file) ? OciIndex.parse(Files.readAllBytes(file)) : OciIndex.empty();
    }

    private Path uploads() {
        return directory.path().resolve(UPLOADS);
    }

    /** The directory. */
    public OciDirectory directory() {
        return directory;
    }

    /** A registry on this host that puts into the directory what is pushed to it. */
    public LoopbackRegistry serve() throws ImageException {
        return LoopbackRegistry.taking(blobs, arriving);
    }

    /**
     * Copies the image of one platform here: manifest, configuration and layers.
     *
     * @param inside what {@link #serve} gave
     * @param watch is told how much has come, and may end it
     * @throws ImageException the registry's faults; OCI_UNUSABLE or STORE_FULL when it cannot be written. Blobs that were complete are kept
     */
    public void copy(
            Registry registry, ResolvedImage image, PullArguments arguments, LoopbackRegistry inside, PullWatch watch)
            throws ImageException {
        try {
            registry.copy(image, arguments, inside, watch);
        } catch (ImageException e) {
            throw arriving.failure().map(reason -> unusable(directory, reason)).orElse(e);
        }
    }

    /** The layers of an image that are not here yet; looked at as {@link #has(String)} does. */
    public List<ResolvedImage.Blob> missing(ResolvedImage image) throws ImageException {
        List<ResolvedImage.Blob> missing = new ArrayList<>();
        for (ResolvedImage.Blob layer : image.layers()) {
            if (!has(layer.digest())) {
                missing.add(layer);
            }
        }
        return missing;
    }

    /** Whether the platform's manifest, the configuration and the layers are here. */
    public boolean has(ResolvedImage image) throws ImageException {
        return missing(image).isEmpty() && has(image.configDigest()) && has(image.platformDigest());
    }

    /** Whether a blob is here. Its content is read, once; if that is not what its name says, it is removed. */
    public boolean has(String digest) throws ImageException {
        try {
            return isWhole(digest);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private boolean isWhole(String digest) throws IOException {
        if (whole.contains(digest)) {
            return true;
        }
        if (!blobs.isWhole(digest)) {
            DurableFiles.delete("oci-damaged", blobs.file(digest));
            return false;
        }
        whole.add(digest);
        return true;
    }

    /** What is free on its file system. */
    public Space space() throws ImageException {
        try {
            return Space.of(directory.path());
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /**
     * Adds the bytes of a list.
     *
     * @throws ImageException IMAGE_MALFORMED when they do not have this digest
     */
    public void add(byte[] list, String digest) throws ImageException {
        if (!Digests.sha256(list).equals(digest)) {
            throw new ImageException(
                    ImageError.IMAGE_MALFORMED,
                    "the registry sent " + Digests.sha256(list) + " for the list " + digest,
                    "push the image again");
        }
        try {
            blobs.write(list, digest);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Notes which manifest a reference means; others see it after {@link #finish}. */
    public void name(ImageReference reference, String digest) throws ImageException {
        try {
            byte[] content = blobs.manifest(digest);
            index.name(reference, digest, content.length, Manifest.mediaType(content));
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Makes everything durable, and then the index. */
    public void finish() throws ImageException {
        try {
            DurableFiles.deleteTree("oci-uploads", uploads());
            DurableFiles.syncFileSystem("oci", directory.path());
            DurableFiles.write("oci-index", directory.path().resolve("index.json"), index.bytes());
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static ImageException unusable(OciDirectory directory, IOException failure) {
        boolean full = String.valueOf(failure.getMessage()).contains("No space left on device");
        return new ImageException(
                full ? ImageError.STORE_FULL : ImageError.OCI_UNUSABLE,
                directory + " cannot be written: " + failure.getMessage()
                        + (full ? " (" + Sizes.free(directory.path()) + " free)" : ""),
                full ? "make room on its file system" : "see to its permissions and its file system",
                failure);
    }
}
