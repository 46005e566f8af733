package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.RootTree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Drop-ins for a deployment's units: whatever runs a bound image waits for the tags to be bound and does not start without, and a bound
 * {@code .image} looks whether its image is here instead of asking a registry.
 */
final class BootUnits {
    private static final String DROP_IN = "50-lockstep.conf";
    private static final String AFTER_BINDING = "[Unit]\nRequires=lockstep-bind.service\nAfter=lockstep-bind.service\n";
    private static final String IS_HERE =
            "\n[Service]\nExecStart=\nExecStart=/usr/lib/lockstep/bin/lockstep-image-here ";

    private BootUnits() {}

    /** Paths below the directory of generated units, to the texts of the files. Units that are not bound but use a bound image are among them. */
    static Map<String, String> of(RootTree root, List<BoundImage> bound) {
        Set<ImageReference> references =
                bound.stream().map(BoundImage::reference).collect(Collectors.toSet());
        Map<String, String> units = new TreeMap<>();
        for (BoundImage image : BoundImages.of(root, BoundImages.Quadlets.ALL).images()) {
            if (references.contains(image.reference())) {
                image.sources().forEach(source -> add(units, image.reference(), source));
            }
        }
        bound.forEach(image -> image.sources().forEach(source -> add(units, image.reference(), source)));
        return Map.copyOf(units);
    }

    private static void add(Map<String, String> units, ImageReference image, BoundImage.Source source) {
        source.use().service().ifPresent(service -> {
            String fetched = source.kind() == BoundImage.Kind.IMAGE
                    ? IS_HERE + image.toString().replace("%", "%%") + "\n"
                    : "";
            units.put(service + ".d/" + DROP_IN, AFTER_BINDING + fetched);
        });
    }
}
