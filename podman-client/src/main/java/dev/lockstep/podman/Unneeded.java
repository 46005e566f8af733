package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What our store holds for nobody. Images are told apart by the digest of their configuration, which is their ID, and layers by theirs: one
 * image may have many names, and a name is no proof of use.
 *
 * @param images that may be removed, by ID
 * @param kept how many images stay
 * @param looseLayers layers that no image has: what interrupted pulls have finished. podman removes none of them, and the next pull that
 *     needs one uses it
 * @param looseBytes of these, uncompressed
 */
public record Unneeded(List<Image> images, int kept, int looseLayers, long looseBytes) {

    public Unneeded {
        images = List.copyOf(images);
    }

    /**
     * One image that nobody needs.
     *
     * @param configDigest its ID
     * @param names all that it has
     * @param bytes of the layers that no other image has, uncompressed, as far as no image before it in the list has them
     */
    public record Image(String configDigest, List<String> names, long bytes) {}

    /**
     * Who needs what.
     *
     * @param images by the digest of their configuration
     * @param references whatever they mean in the store
     * @param otherStores graph roots of stores that may build upon ours; one that is not there builds upon nothing
     */
    public record Needs(Set<String> images, Collection<ImageReference> references, List<Path> otherStores) {}

    /**
     * Looks; changes nothing.
     *
     * @throws ImageException STORE_UNUSABLE when a list of any of the stores cannot be read: then nothing is known to be unneeded
     */
    public static Unneeded in(StoreLocation location, Needs needs) throws ImageException {
        StoreFiles files = StoreFiles.read(location.directory());
        Set<String> roots = new HashSet<>();
        needs.images().forEach(digest -> roots.add(Digests.hex(digest)));
        for (ImageReference reference : needs.references()) {
            addMeaning(files, reference, roots);
        }
        Set<String> builtUpon = new HashSet<>();
        for (Path other : needs.otherStores()) {
            builtUpon.addAll(StoreFiles.read(other).foreignLayers());
            roots.addAll(StoreFiles.imagesOfContainers(other));
        }
        return divide(files, roots, builtUpon, StoreFiles.layersOfContainers(location.directory()));
    }

    private static void addMeaning(StoreFiles files, ImageReference reference, Set<String> roots) {
        for (Map.Entry<String, String> name : files.names().entrySet()) {
            if (name.getKey().equals(reference.toString())) {
                roots.add(name.getValue());
            }
        }
        reference
                .digest()
                .ifPresent(digest -> files.imageIds().stream()
                        .filter(id -> files.image(id).stream()
                                .flatMap(image -> image.path("big-data-names").valueStream())
                                .anyMatch(key -> key.asText().equals("manifest-" + digest)))
                        .forEach(roots::add));
    }

    private static Unneeded divide(
            StoreFiles files, Set<String> roots, Set<String> builtUpon, Set<String> ofContainers) {
        int kept = 0;
        List<String> garbage = new ArrayList<>();
        Set<String> held = new HashSet<>();
        for (String id : files.imageIds().stream().sorted().toList()) {
            List<String> chain = layers(files, id);
            if (roots.contains(id) || chain.stream().anyMatch(builtUpon::contains)) {
                kept++;
                held.addAll(chain);
            } else {
                garbage.add(id);
            }
        }
        List<Image> images = new ArrayList<>();
        for (String id : garbage) {
            images.add(new Image("sha256:" + id, names(files, id), free(files, id, held)));
        }
        Set<String> loose = new HashSet<>(files.layerIds());
        loose.removeAll(held);
        loose.removeAll(ofContainers);
        return new Unneeded(images, kept, loose.size(), bytes(files, loose));
    }

    private static List<String> layers(StoreFiles files, String id) {
        return files.image(id).map(image -> files.chain(image, new ArrayList<>())).orElse(List.of()).stream()
                .map(StoredLayer::id)
                .toList();
    }

    private static List<String> names(StoreFiles files, String id) {
        return files.image(id).stream()
                .flatMap(image -> image.path("names").valueStream())
                .map(name -> name.asText())
                .sorted()
                .toList();
    }

    private static long free(StoreFiles files, String id, Set<String> held) {
        Set<String> own = new HashSet<>(layers(files, id));
        own.removeAll(held);
        held.addAll(own);
        return bytes(files, own);
    }

    private static long bytes(StoreFiles files, Set<String> layers) {
        return layers.stream()
                .flatMap(id -> files.layer(id).stream())
                .mapToLong(layer -> layer.path("diff-size").asLong())
                .sum();
    }

    /** Bytes of all that may be removed. */
    public long bytes() {
        return images.stream().mapToLong(Image::bytes).sum();
    }
}
