package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images that a containers-storage graph root lists ({@code overlay-images/images.json}), and the files that each needs. */
final class StoreListing {
    private final Path root;
    private final Map<String, List<?>> bigDataNames;

    private StoreListing(Path root, Map<String, List<?>> bigDataNames) {
        this.root = root;
        this.bigDataNames = bigDataNames;
    }

    /**
     * Reads the list; a store that has none lists nothing.
     *
     * @throws IOException naming the list that cannot be read or is not one
     */
    static StoreListing read(Path root) throws IOException {
        Path file = root.resolve("overlay-images/images.json");
        Map<String, List<?>> found = new HashMap<>();
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new StoreListing(root, found);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e, e);
        }
        try {
            if (!(JsonText.parse(bytes) instanceof List<?> images)) {
                throw new IOException("it is not a list");
            }
            for (Object entry : images) {
                if (entry instanceof Map<?, ?> image && image.get("id") instanceof String id) {
                    found.put(id, image.get("big-data-names") instanceof List<?> names ? names : List.of());
                } else {
                    throw new IOException("an image has no ID");
                }
            }
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        return new StoreListing(root, found);
    }

    /** What of an image is missing, in words. */
    Optional<String> missing(StoredImage image) {
        List<?> names = bigDataNames.get(image.imageId());
        if (names == null) {
            return Optional.of("the store has no image " + image.imageId().substring(0, 12));
        }
        String key = "manifest-" + image.manifestDigest();
        if (!names.contains(key) || !Files.isRegularFile(bigDataFile(image.imageId(), key))) {
            return Optional.of("its manifest is gone");
        }
        for (StoredImage.Layer layer : image.layers()) {
            Path directory = root.resolve("overlay").resolve(layer.id());
            if (!Files.isDirectory(directory.resolve("diff"))) {
                return Optional.of("the layer " + layer.id().substring(0, 12) + " has no files");
            }
            if (!link(directory).equals(layer.link())) {
                return Optional.of("the layer " + layer.id().substring(0, 12) + " is not the one that was confirmed");
            }
        }
        return Optional.empty();
    }

    /** A key that is not plain, as every manifest's digest, names its file by {@code =} and its base64. */
    private Path bigDataFile(String imageId, String key) {
        String name = "=" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        return root.resolve("overlay-images").resolve(imageId).resolve(name);
    }

    private static String link(Path directory) {
        try {
            return Files.readString(directory.resolve("link"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Gone or unreadable: no link is the one that is wanted.
            return "";
        }
    }
}
