package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Quadlet makes of the units of one root, each asked for when it is needed. */
final class QuadletServices {
    private final QuadletRoot quadlet;
    private final Map<String, QuadletService> services = new HashMap<>();

    QuadletServices(QuadletRoot quadlet) {
        this.quadlet = quadlet;
    }

    QuadletService of(QuadletUnit unit) {
        String key = unit.path() + unit.instance().orElse("");
        QuadletService known = services.get(key);
        if (known == null) {
            known = new QuadletConverter(unit, this).convert();
            services.put(key, known);
        }
        return known;
    }

    /** The unit that others mean by a name. */
    Optional<QuadletUnit> unit(String name) {
        return quadlet.unit(name);
    }

    /** The name of what the service of a unit makes, which stands in the command lines of others; empty when it is rejected. */
    String resource(QuadletUnit unit) {
        return switch (unit.type()) {
            case CONTAINER -> containerName(unit);
            case BUILD ->
                unit.all("ImageTag").stream().findFirst().map(Assignment::value).orElse("");
            case IMAGE -> made(unit, List.of("ImageTag", "Image"));
            case ARTIFACT -> made(unit, List.of("Artifact"));
            case VOLUME -> of(unit).isRejected() ? "" : named(unit, "VolumeName");
            case NETWORK -> of(unit).isRejected() ? "" : named(unit, "NetworkName");
            case POD -> named(unit, "PodName");
            case KUBE -> "";
        };
    }

    private String made(QuadletUnit unit, List<String> keys) {
        if (of(unit).isRejected()) {
            return "";
        }
        return keys.stream()
                .flatMap(key -> unit.value(key).stream())
                .map(Assignment::value)
                .findFirst()
                .orElse("");
    }

    private static String named(QuadletUnit unit, String key) {
        return unit.value(key).map(Assignment::value).orElse("systemd-" + unit.stem());
    }

    /** Known before anything is converted; only {@code %N} is expanded. */
    private static String containerName(QuadletUnit unit) {
        String name = unit.value("ContainerName")
                .map(Assignment::value)
                .orElse(unit.name().contains("@") ? "systemd-%p_%i" : "systemd-%N");
        String resolved = name.replace("%N", unit.service());
        return resolved.contains("%") ? "" : resolved;
    }
}
