package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the keys that map users go together. */
final class QuadletIdMaps {
    private final QuadletUnit unit;
    private final QuadletRejections rejections;

    QuadletIdMaps(QuadletUnit unit, QuadletRejections rejections) {
        this.unit = unit;
        this.rejections = rejections;
    }

    void check(boolean manualIsSupported) {
        boolean mapped = List.of("UserNS", "SubUIDMap", "SubGIDMap").stream()
                        .anyMatch(key -> unit.value(key).isPresent())
                || !words("UIDMap").isEmpty()
                || !words("GIDMap").isEmpty();
        if (mapped) {
            for (String key : List.of("RemapUid", "RemapGid", "RemapUsers")) {
                unit.last(key)
                        .ifPresent(at -> rejections.value(at, "cannot stand beside an explicit mapping", "remove it"));
            }
        } else {
            remap(manualIsSupported);
        }
    }

    private List<Assignment> words(String key) {
        return unit.words(unit.type().section(), key);
    }

    private void remap(boolean manualIsSupported) {
        Optional<Assignment> users = unit.unit().last(unit.type().section(), "RemapUsers");
        List<Assignment> maps = new ArrayList<>(words("RemapUid"));
        maps.addAll(words("RemapGid"));
        switch (users.map(Assignment::value).orElse("")) {
            case "" ->
                maps.forEach(map -> rejections.value(map, "needs RemapUsers=", "set RemapUsers= or remove this"));
            case "manual" -> {
                if (!manualIsSupported) {
                    users.ifPresent(at -> rejections.value(at, "is not supported here", "write auto or keep-id"));
                }
            }
            case "auto" -> {}
            case "keep-id" -> {
                for (String key : List.of("RemapUid", "RemapGid")) {
                    words(key).stream()
                            .skip(1)
                            .findFirst()
                            .ifPresent(at -> rejections.value(at, "is one value too many for keep-id", "give one"));
                }
            }
            default ->
                users.ifPresent(at -> rejections.value(at, "has an unknown value", "write manual, auto or keep-id"));
        }
    }
}
