package dev.lockstep.manifest;

import dev.lockstep.manifest.YamlNode.Mapping;
import dev.lockstep.manifest.YamlNode.Scalar;
import dev.lockstep.manifest.YamlNode.Sequence;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks in a patch for what could change an image; each node once, however many aliases lead to it. */
final class YamlSearch {
    /** {@code /spec/containers/0/image} of a JSON patch (RFC 6902), {@code spec.containers.0.image} of a replacement. */
    private static final Pattern PATH = Pattern.compile("(?:.*[/.])?image(?:[/.].*)?");

    private final Place place;

    /** Places of what is found are in the file of this one. */
    YamlSearch(Place place) {
        this.place = place;
    }

    /** The first place that could change an image. */
    Optional<Place> imageFields(List<YamlNode> documents) {
        Set<YamlNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<YamlNode> ahead = new ArrayDeque<>(documents);
        while (!ahead.isEmpty()) {
            YamlNode node = ahead.pop();
            if (!seen.add(node)) {
                continue;
            }
            if (node instanceof Sequence sequence) {
                ahead.addAll(sequence.items());
            } else if (node instanceof Mapping mapping) {
                if (mapping.values().entrySet().stream().anyMatch(YamlSearch::names)) {
                    return Optional.of(place.line().isPresent() ? place : Place.of(place.file(), mapping.line()));
                }
                ahead.addAll(mapping.values().values());
            }
        }
        return Optional.empty();
    }

    private static boolean names(Map.Entry<String, YamlNode> entry) {
        if (entry.getKey().equals("image")) {
            return true;
        }
        return switch (entry.getValue()) {
            case Scalar scalar -> entry.getKey().equals("path") && isImage(scalar);
            case Sequence sequence ->
                entry.getKey().equals("fieldPaths") && sequence.items().stream().anyMatch(YamlSearch::isImage);
            case Mapping mapping -> false;
        };
    }

    private static boolean isImage(YamlNode path) {
        return path instanceof Scalar scalar && PATH.matcher(scalar.text()).matches();
    }
}
