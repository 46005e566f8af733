package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.disk.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What our store really holds, read from its files. podman is not asked: it calls an image present whose files are gone, and takes twenty
 * seconds to say so of five hundred.
 */
public final class ImageStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StoreLocation location;
    private final SyncedRecord synced;

    public ImageStore(StoreLocation location) {
        this.location = location;
        this.synced = new SyncedRecord(location.directory());
    }

    /**
     * Reads the store once and judges each image.
     *
     * @throws ImageException STORE_UNUSABLE when a list of the store cannot be read
     */
    public Map<ResolvedImage, Confirmation> confirm(Collection<ResolvedImage> images) throws ImageException {
        StoreFiles files = StoreFiles.read(location.directory());
        Set<SyncedRecord.Entry> durable = synced.read();
        Map<ResolvedImage, Confirmation> judged = new LinkedHashMap<>();
        for (ResolvedImage image : images) {
            judged.put(image, judge(files, image, durable));
        }
        return judged;
    }

    private static Confirmation judge(StoreFiles files, ResolvedImage image, Set<SyncedRecord.Entry> durable) {
        String id = Digests.hex(image.configDigest());
        Optional<JsonNode> record = files.image(id);
        if (record.isEmpty()) {
            return new Confirmation.Absent("the store has no image " + id.substring(0, 12));
        }
        if (!isNamed(record.get(), image)) {
            return new Confirmation.Absent("the store does not know it as " + image.pinned());
        }
        List<String> damage = new ArrayList<>();
        List<StoredLayer> chain = files.chain(record.get(), damage);
        checkManifests(files, id, image, damage);
        checkConfiguration(files, id, image, chain, damage);
        files.inspect(chain, damage);
        if (!damage.isEmpty()) {
            return new Confirmation.Damaged(damage);
        }
        List<StoredLayer> unproven = chain.stream()
                .filter(layer -> !durable.contains(SyncedRecord.Entry.of(layer)))
                .toList();
        return unproven.isEmpty() ? new Confirmation.Present() : new Confirmation.Unproven(unproven);
    }

    /** By digest, under a name of its repository. */
    private static boolean isNamed(JsonNode record, ResolvedImage image) {
        boolean knowsDigest = contains(record.path("big-data-names"), "manifest-" + image.digest());
        return knowsDigest && contains(record.path("names"), image.pinned().toString());
    }

    private static boolean contains(JsonNode list, String text) {
        for (JsonNode entry : list) {
            if (entry.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private static void checkManifests(StoreFiles files, String id, ResolvedImage image, List<String> damage) {
        checkHash(files, id, "manifest-" + image.digest(), image.digest(), "manifest", damage);
        if (!image.platformDigest().equals(image.digest())) {
            checkHash(
                    files,
                    id,
                    "manifest-" + image.platformDigest(),
                    image.platformDigest(),
                    "platform's manifest",
                    damage);
        }
    }

    private static Optional<byte[]> checkHash(
            StoreFiles files, String id, String key, String digest, String what, List<String> damage) {
        try {
            Optional<byte[]> content = files.bigData(id, key);
            if (content.isEmpty()) {
                damage.add("its " + what + " is gone");
                return Optional.empty();
            }
            if (!Digests.sha256(content.get()).equals(digest)) {
                damage.add("its " + what + " is not what its digest says");
                return Optional.empty();
            }
            return content;
        } catch (IOException e) {
            damage.add("its " + what + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void checkConfiguration(
            StoreFiles files, String id, ResolvedImage image, List<StoredLayer> chain, List<String> damage) {
        Optional<byte[]> content =
                checkHash(files, id, image.configDigest(), image.configDigest(), "configuration", damage);
        if (content.isEmpty()) {
            return;
        }
        try {
            List<String> wanted = new ArrayList<>();
            JSON.readTree(content.get()).path("rootfs").path("diff_ids").forEach(digest -> wanted.add(digest.asText()));
            List<String> stored = chain.stream().map(StoredLayer::diffDigest).toList();
            if (!wanted.equals(stored)) {
                damage.add("its layers are not those of its configuration");
            }
        } catch (IOException e) {
            damage.add("its configuration is not JSON");
        }
    }

    /**
     * What references by digest mean, of images that are here, whole or not; no registry is asked. The others are left out.
     *
     * @throws ImageException STORE_UNUSABLE when a list of the store cannot be read
     */
    public Map<ImageReference, ResolvedImage> meanings(Collection<BoundImage> images) throws ImageException {
        Map<ImageReference, ResolvedImage> meanings = new HashMap<>();
        if (images.stream().anyMatch(image -> image.reference().digest().isPresent())) {
            StoredManifests manifests = new StoredManifests(StoreFiles.read(location.directory()));
            for (BoundImage image : images) {
                manifests
                        .resolve(image.reference(), image.pull())
                        .ifPresent(resolved -> meanings.put(image.reference(), resolved));
            }
        }
        return meanings;
    }

    /** The layers of each image as far as the store lists them, base first; the store is read once. */
    public Map<ResolvedImage, List<StoredLayer>> layers(Collection<ResolvedImage> images) throws ImageException {
        StoreFiles files = StoreFiles.read(location.directory());
        Map<ResolvedImage, List<StoredLayer>> layers = new LinkedHashMap<>();
        for (ResolvedImage image : images) {
            layers.put(image, layers(files, image));
        }
        return layers;
    }

    /**
     * The layers of an image as far as the store lists them, base first.
     *
     * @throws ImageException STORE_UNUSABLE when a list of the store cannot be read
     */
    public List<StoredLayer> layers(ResolvedImage image) throws ImageException {
        return layers(StoreFiles.read(location.directory()), image);
    }

    private static List<StoredLayer> layers(StoreFiles files, ResolvedImage image) {
        return files.image(Digests.hex(image.configDigest()))
                .map(record -> files.chain(record, new ArrayList<>()))
                .orElse(List.of());
    }

    /** Every name in the store, with the configuration digest of the image that it means. */
    public Map<String, String> names() throws ImageException {
        Map<String, String> names = StoreFiles.read(location.directory()).names();
        names.replaceAll((name, id) -> "sha256:" + id);
        return names;
    }

    /** The layers that are here, as registries have them; one that was not written completely is not among them. */
    public StoredBlobs blobs() throws ImageException {
        return StoreFiles.read(location.directory()).blobs();
    }

    /** Compressed bytes of the layers of an image that are not here. */
    public long missing(ResolvedImage image) throws ImageException {
        return PullPlan.missing(image, blobs().digests()).stream()
                .mapToLong(ResolvedImage.Blob::size)
                .sum();
    }

    /** What is free on the store's file system. */
    public Space space() throws ImageException {
        try {
            return Space.of(location.directory());
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot tell what is free for the image store " + location.directory() + ": " + e.getMessage(),
                    "see to its file system",
                    e);
        }
    }

    /** The graph root as this process reads it. */
    public Path directory() {
        return location.directory();
    }

    /** Recomputes the digests of layers from their files; the result lists what is wrong, empty when nothing is. */
    public List<String> checkContent(Collection<StoredLayer> layers) throws ImageException {
        return List.copyOf(damage(layers).values());
    }

    /** The same, each once however many images share it, several at a time: the layers that are not right, and what is wrong with each. */
    public Map<StoredLayer, String> damage(Collection<StoredLayer> layers) throws ImageException {
        StoreFiles files = StoreFiles.read(location.directory());
        Map<StoredLayer, String> damage = new ConcurrentHashMap<>();
        Set.copyOf(layers).parallelStream()
                .forEach(layer -> LayerContent.check(
                                layer,
                                files.tarSplit(layer.id()),
                                files.directory(layer.id()).resolve("diff"))
                        .ifPresent(reason -> damage.put(layer, reason)));
        return damage;
    }

    /**
     * Syncs the file system, then records as durable every layer of these images; only those whose content is known to be right may be given.
     * Layers that the store no longer has leave the record.
     *
     * @throws ImageException STORE_FULL or STORE_UNUSABLE; then nothing more than before counts as durable
     */
    public void recordDurable(Collection<ResolvedImage> images) throws ImageException {
        Path directory = location.directory();
        try {
            DurableFiles.syncFileSystem("store", directory);
            StoreFiles files = StoreFiles.read(directory);
            Set<SyncedRecord.Entry> before = synced.read();
            Set<SyncedRecord.Entry> now = new HashSet<>();
            before.stream().filter(entry -> files.layer(entry.id()).isPresent()).forEach(now::add);
            for (ResolvedImage image : images) {
                layers(files, image).forEach(layer -> now.add(SyncedRecord.Entry.of(layer)));
            }
            if (!now.equals(before)) {
                synced.write(now);
            }
        } catch (IOException e) {
            boolean full = String.valueOf(e.getMessage()).contains("No space left on device");
            throw new ImageException(
                    full ? ImageError.STORE_FULL : ImageError.STORE_UNUSABLE,
                    "the image store " + directory + " cannot be made durable: " + e.getMessage()
                            + (full ? " (" + Sizes.free(directory) + " free)" : ""),
                    full ? "make room on its file system, then run 'lockstep retry'" : "see to its file system",
                    e);
        }
    }
}
