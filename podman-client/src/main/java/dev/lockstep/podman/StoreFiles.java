package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a containers-storage graph root with the overlay driver, read as they are ({@code containers/storage}, {@code images.go},
 * {@code layers.go}, {@code drivers/overlay}). podman replaces them by rename, so each is read whole; images are read before layers, since a
 * layer is listed before the image that needs it.
 */
final class StoreFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final Map<String, JsonNode> images;
    private final Map<String, JsonNode> layers;

    private StoreFiles(Path root, Map<String, JsonNode> images, Map<String, JsonNode> layers) {
        this.root = root;
        this.images = images;
        this.layers = layers;
    }

    /**
     * Reads the lists of a store; a store that is not there is empty.
     *
     * @throws ImageException STORE_UNUSABLE naming the file that cannot be read
     */
    static StoreFiles read(Path root) throws ImageException {
        Map<String, JsonNode> images = byId(root.resolve("overlay-images/images.json"));
        Map<String, JsonNode> layers = new HashMap<>(byId(root.resolve("overlay-layers/volatile-layers.json")));
        layers.putAll(byId(root.resolve("overlay-layers/layers.json")));
        return new StoreFiles(root, images, layers);
    }

    private static Map<String, JsonNode> byId(Path file) throws ImageException {
        Map<String, JsonNode> found = new HashMap<>();
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length == 0) {
                return found;
            }
            JsonNode list = JSON.readTree(content);
            if (!list.isArray() && !list.isNull()) {
                throw new IOException("it is not a list");
            }
            for (JsonNode entry : list) {
                found.put(entry.path("id").asText(), entry);
            }
            return found;
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "the image store's list " + file + " cannot be read: " + e.getMessage(),
                    "move the store aside; 'lockstep upgrade' fetches its images anew",
                    e);
        }
    }

    /** The same lists for files that lie in another graph root. */
    StoreFiles at(Path other) {
        return new StoreFiles(other, images, layers);
    }

    /** The IDs of complete layers with this digest of their uncompressed tar. */
    List<String> layersOf(String diffDigest) {
        return layers.entrySet().stream()
                .filter(layer -> layer.getValue().path("diff-digest").asText().equals(diffDigest)
                        && !layer.getValue().path("flags").path("incomplete").asBoolean())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Every name and the ID of the image that has it. */
    Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        images.forEach((id, image) -> image.path("names").forEach(name -> names.put(name.asText(), id)));
        return names;
    }

    /** The record of an image under its ID. */
    Optional<JsonNode> image(String id) {
        return Optional.ofNullable(images.get(id));
    }

    /** The IDs of all images. */
    Set<String> imageIds() {
        return Set.copyOf(images.keySet());
    }

    /** The IDs of all layers. */
    Set<String> layerIds() {
        return Set.copyOf(layers.keySet());
    }

    /** Every layer of another store that this one builds upon: below its layers, or right below its images. */
    Set<String> foreignLayers() {
        Set<String> foreign = new HashSet<>();
        layers.values().forEach(layer -> foreign.add(layer.path("parent").asText()));
        for (JsonNode image : images.values()) {
            foreign.add(image.path("layer").asText());
            image.path("mapped-layers").forEach(layer -> foreign.add(layer.asText()));
        }
        foreign.remove("");
        foreign.removeAll(layers.keySet());
        return foreign;
    }

    /** The images that a store's containers were made from, by ID, whichever store has them. */
    static Set<String> imagesOfContainers(Path root) throws ImageException {
        return ofContainers(root, "image");
    }

    /** The layers that a store's containers write to, by ID. */
    static Set<String> layersOfContainers(Path root) throws ImageException {
        return ofContainers(root, "layer");
    }

    private static Set<String> ofContainers(Path root, String key) throws ImageException {
        Set<String> values = new HashSet<>();
        for (String list : List.of("containers.json", "volatile-containers.json")) {
            byId(root.resolve("overlay-containers").resolve(list))
                    .values()
                    .forEach(container -> values.add(container.path(key).asText()));
        }
        return values;
    }

    /** A layer's record. */
    Optional<JsonNode> layer(String id) {
        return Optional.ofNullable(layers.get(id));
    }

    /** Every complete layer under the digest that it had in its registry. */
    StoredBlobs blobs() {
        Set<String> digests = new HashSet<>();
        long compressed = 0;
        long unpacked = 0;
        for (JsonNode layer : layers.values()) {
            String digest = layer.path("compressed-diff-digest").asText();
            if (digest.isEmpty() || layer.path("flags").path("incomplete").asBoolean() || !digests.add(digest)) {
                continue;
            }
            compressed += layer.path("compressed-size").asLong();
            unpacked += layer.path("diff-size").asLong();
        }
        return new StoredBlobs(digests, compressed, unpacked);
    }

    /** Big data of an image: its manifests and its configuration; empty when there is none. */
    Optional<byte[]> bigData(String imageId, String key) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(bigDataFile(imageId, key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Where big data of an image lies: a plain key names its file, any other is {@code =} and its base64. */
    Path bigDataFile(String imageId, String key) {
        boolean plain = key.matches("[A-Za-z0-9_.-]+");
        String name = plain ? key : "=" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        return root.resolve("overlay-images").resolve(imageId).resolve(name);
    }

    /** The chain of an image's layers, base first; what is missing is told in {@code damage}. */
    List<StoredLayer> chain(JsonNode image, List<String> damage) {
        List<StoredLayer> chain = new ArrayList<>();
        String id = image.path("layer").asText();
        while (!id.isEmpty()) {
            JsonNode layer = layers.get(id);
            if (layer == null) {
                damage.add("the layer " + id + " is not in the store's list");
                return chain;
            }
            if (chain.size() > layers.size()) {
                damage.add("the layers go in a circle");
                return chain;
            }
            chain.add(0, stored(id, layer, damage));
            id = layer.path("parent").asText();
        }
        return chain;
    }

    private StoredLayer stored(String id, JsonNode layer, List<String> damage) {
        String link = text(directory(id).resolve("link"));
        if (link.isEmpty()) {
            damage.add("the layer " + id + " has no link name");
        }
        if (layer.path("flags").path("incomplete").asBoolean()) {
            damage.add("the layer " + id + " was not written completely");
        }
        return new StoredLayer(
                id,
                link,
                layer.path("diff-digest").asText(),
                layer.path("diff-size").asLong());
    }

    /** Everything about a layer's place on disk that podman would stumble over. */
    void inspect(List<StoredLayer> chain, List<String> damage) {
        List<String> ancestors = new ArrayList<>();
        for (StoredLayer layer : chain) {
            Path directory = directory(layer.id());
            if (!Files.isDirectory(directory.resolve("diff"))) {
                damage.add("the layer " + layer.id() + " has no files");
            }
            if (!Files.isDirectory(root.resolve("overlay/l").resolve(layer.link()))) {
                damage.add("the layer " + layer.id() + " has lost its link");
            }
            String lower = text(directory.resolve("lower"));
            if (!lower.equals(String.join(":", ancestors))) {
                damage.add("the layer " + layer.id() + " does not lie on its ancestors");
            }
            if (size(tarSplit(layer.id())) <= 0) {
                damage.add("the layer " + layer.id() + " has no list of its files");
            }
            ancestors.add(0, "l/" + layer.link());
        }
    }

    Path directory(String layerId) {
        return root.resolve("overlay").resolve(layerId);
    }

    Path tarSplit(String layerId) {
        return root.resolve("overlay-layers").resolve(layerId + ".tar-split.gz");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            // Not there or not readable: the caller compares with what should be there.
            return "";
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }
}
