package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a confirmed image lies, to be able to tell quickly whether it is still there. Its content is not looked at.
 *
 * @param graphRoot the store's directory as the booted host sees it, absolute
 * @param imageId 64 hex digits, what its configuration's digest says
 * @param manifestDigest {@code sha256:…}, by which it was confirmed
 * @param layers each of its layers
 */
public record StoredImage(String graphRoot, String imageId, String manifestDigest, List<Layer> layers) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    /**
     * A layer in a store.
     *
     * @param id its directory below {@code overlay}
     * @param link its short name, new each time that it is written; so a layer that was removed and fetched again differs
     */
    public record Layer(String id, String link) {
        private static final Pattern TEXT = Pattern.compile("[0-9a-f]{64}:[A-Z0-9]{1,64}");

        public Layer {
            if (!TEXT.matcher(id + ":" + link).matches()) {
                throw new IllegalArgumentException("not a layer: " + id + ":" + link);
            }
        }

        /** Reads what {@link #toString} gives; empty when the text is something else. */
        static Optional<Layer> parse(String text) {
            return TEXT.matcher(text).matches()
                    ? Optional.of(new Layer(text.substring(0, 64), text.substring(65)))
                    : Optional.empty();
        }

        /** {@code ID:LINK}. */
        @Override
        public String toString() {
            return id + ":" + link;
        }
    }

    public StoredImage {
        layers = List.copyOf(layers);
        if (!graphRoot.startsWith("/") || graphRoot.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an absolute path of a store: " + graphRoot);
        }
        if (!ID.matcher(imageId).matches()) {
            throw new IllegalArgumentException("not an image's ID: " + imageId);
        }
        if (!manifestDigest.startsWith("sha256:")
                || !ID.matcher(manifestDigest.substring("sha256:".length())).matches()) {
            throw new IllegalArgumentException("not a digest: " + manifestDigest);
        }
    }

    /** What of it is missing, in words; empty when all is listed and there. */
    public Optional<String> check() {
        return check(List.of(this));
    }

    /** What is missing first of these images, in words that name it; each store's list is read once. */
    public static Optional<String> check(Collection<StoredImage> images) {
        Map<String, StoreListing> stores = new HashMap<>();
        for (StoredImage image : images) {
            StoreListing store = stores.get(image.graphRoot());
            if (store == null) {
                try {
                    store = StoreListing.read(RawPath.child(Path.of("/"), image.graphRoot()));
                } catch (IOException e) {
                    return Optional.of(image.place() + " cannot be looked for: " + e.getMessage());
                }
                stores.put(image.graphRoot(), store);
            }
            Optional<String> missing = store.missing(image);
            if (missing.isPresent()) {
                return Optional.of(image.place() + ": " + missing.get());
            }
        }
        return Optional.empty();
    }

    private String place() {
        return "the image " + manifestDigest + " in " + graphRoot;
    }
}
