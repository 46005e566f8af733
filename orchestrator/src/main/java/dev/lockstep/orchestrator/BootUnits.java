package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.RootTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Drop-ins for a deployment's units: whatever runs a bound image waits for the tags to be bound and does not start without, and a bound
 * {@code .image} looks whether its image is here instead of asking a registry.
 */
final class BootUnits {
    private static final String DROP_IN = "50-lockstep.conf";
    private static final List<String> QUADLET_DIRECTORIES =
            List.of("/etc/containers/systemd", "/usr/share/containers/systemd");
    private static final Pattern IMAGE = Pattern.compile("(?m)^\\s*Image\\s*=\\s*(?<value>\\S+)\\s*$");
    private static final Pattern SERVICE_NAME = Pattern.compile("(?m)^\\s*ServiceName\\s*=\\s*(?<value>\\S+)\\s*$");
    private static final Map<String, String> SUFFIXES =
            Map.of(".container", "", ".image", "-image", ".volume", "-volume", ".kube", "");

    private final RootTree root;
    private final List<BoundImage> images;
    private final Map<String, String> units = new TreeMap<>();

    private BootUnits(RootTree root, List<BoundImage> images) {
        this.root = root;
        this.images = images;
    }

    /** Paths below the directory of generated units, to the texts of the files. */
    static Map<String, String> of(RootTree root, List<BoundImage> images) throws IOException {
        BootUnits units = new BootUnits(root, images);
        units.collect();
        return Map.copyOf(units.units);
    }

    private void collect() throws IOException {
        for (BoundImage image : images) {
            for (BoundImage.Source source : image.sources()) {
                add(source.file());
            }
        }
        for (String directory : QUADLET_DIRECTORIES) {
            for (String name : root.list(directory).map(RootTree.Listing::names).orElse(List.of())) {
                if (usesBoundImage(directory + "/" + name)) {
                    add(directory + "/" + name);
                }
            }
        }
    }

    private boolean usesBoundImage(String file) throws IOException {
        if (suffix(file).isEmpty()) {
            return false;
        }
        Optional<String> value = value(IMAGE, file);
        return value.isPresent()
                && (value.get().endsWith(".image")
                        ? isBoundUnit(value.get())
                        : reference(value.get())
                                .filter(reference -> images.stream()
                                        .anyMatch(image -> image.reference().equals(reference)))
                                .isPresent());
    }

    /** Whether an {@code .image} unit, named by its file's name, is what binds one of the images. */
    private boolean isBoundUnit(String name) {
        return images.stream()
                .flatMap(image -> image.sources().stream())
                .anyMatch(source -> source.file().endsWith("/" + name));
    }

    private static Optional<ImageReference> reference(String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (IllegalArgumentException e) {
            // A short name, a specifier or a reference to another unit is not a bound reference.
            return Optional.empty();
        }
    }

    private void add(String file) throws IOException {
        Optional<String> suffix = suffix(file);
        if (suffix.isEmpty()) {
            return;
        }
        String base = file.substring(
                file.lastIndexOf('/') + 1, file.length() - suffix.get().length());
        String service = value(SERVICE_NAME, file).orElse(base + SUFFIXES.get(suffix.get())) + ".service";
        StringBuilder text = new StringBuilder("[Unit]\nRequires=lockstep-bind.service\nAfter=lockstep-bind.service\n");
        Optional<BoundImage> fetched = suffix.get().equals(".image") ? fetchedBy(file) : Optional.empty();
        fetched.ifPresent(
                image -> text.append("\n[Service]\nExecStart=\nExecStart=/usr/lib/lockstep/bin/lockstep-image-here ")
                        .append(image.reference().toString().replace("%", "%%"))
                        .append('\n'));
        units.put(service + ".d/" + DROP_IN, text.toString());
    }

    private Optional<BoundImage> fetchedBy(String file) {
        return images.stream()
                .filter(image -> image.sources().stream()
                        .anyMatch(source -> source.file().equals(file)))
                .findFirst();
    }

    private static Optional<String> suffix(String file) {
        return SUFFIXES.keySet().stream().filter(file::endsWith).findFirst();
    }

    private Optional<String> value(Pattern key, String file) throws IOException {
        Optional<byte[]> content = root.read(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = key.matcher(new String(content.get(), StandardCharsets.UTF_8));
        return matcher.find() ? Optional.of(matcher.group("value")) : Optional.empty();
    }
}
