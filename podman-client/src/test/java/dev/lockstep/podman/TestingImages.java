package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Resolved images of layers that are told by name and size. */
final class TestingImages {
    private TestingImages() {}

    static String digest(String name) {
        return Digests.sha256(name.getBytes(StandardCharsets.UTF_8));
    }

    /** An image of layers such as {@code base=100}. */
    static ResolvedImage image(String name, String... layers) {
        List<ResolvedImage.Blob> blobs = Stream.of(layers)
                .map(layer -> layer.split("="))
                .map(parts -> new ResolvedImage.Blob(digest(parts[0]), Long.parseLong(parts[1])))
                .toList();
        ImageReference reference = ImageReference.parse("registry.example/" + name + ":1");
        return new ResolvedImage(reference, digest(name), digest(name), digest("config of " + name), blobs);
    }
}
