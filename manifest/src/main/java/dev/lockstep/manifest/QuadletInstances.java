package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The instances of a template that the root starts: that of {@code DefaultInstance=}, for which Quadlet makes links where {@code [Install]} says
 * so, and those for which the root has links of its own, {@code systemd.unit(5)}.
 */
final class QuadletInstances {
    private static final List<String> DIRECTORIES = List.of("/etc/systemd/system", "/usr/lib/systemd/system");
    private static final List<String> ENDINGS = List.of(".wants", ".requires", ".upholds");
    private static final List<String> INSTALLS = List.of("WantedBy", "RequiredBy", "UpheldBy");
    private static final String SERVICE = ".service";

    private final RootTree root;
    private final QuadletRoot quadlet;
    private final Map<String, List<String>> entries = new HashMap<>();

    QuadletInstances(RootTree root, QuadletRoot quadlet) {
        this.root = root;
        this.quadlet = quadlet;
    }

    /** The unit itself when it is no template, or one of which no instance is known; else its instances, in the order of their names. */
    List<QuadletUnit> of(QuadletUnit unit) {
        String service = unit.service();
        if (!service.endsWith("@")) {
            return List.of(unit);
        }
        Set<String> names = new TreeSet<>();
        defaultInstance(unit).ifPresent(names::add);
        linked(service).forEach(names::add);
        return names.isEmpty()
                ? List.of(unit)
                : names.stream().map(name -> instance(unit, name)).toList();
    }

    private static Optional<String> defaultInstance(QuadletUnit unit) {
        boolean installs =
                INSTALLS.stream().anyMatch(key -> !unit.words("Install", key).isEmpty());
        return unit.last("Install", "DefaultInstance")
                .map(Assignment::value)
                .filter(name -> installs && !name.isEmpty());
    }

    /** A file of the instance's own name makes a service of its own. */
    private QuadletUnit instance(QuadletUnit template, String name) {
        String file = template.stem() + name + template.type().ending();
        return quadlet.unit(file).orElseGet(() -> template.instance(name));
    }

    private Stream<String> linked(String service) {
        return DIRECTORIES.stream()
                .flatMap(directory -> names(directory).stream()
                        .filter(name -> ENDINGS.stream().anyMatch(name::endsWith))
                        .flatMap(name -> names(directory + "/" + name).stream()))
                .filter(name -> name.startsWith(service)
                        && name.endsWith(SERVICE)
                        && name.length() > service.length() + SERVICE.length())
                .map(name -> name.substring(service.length(), name.length() - SERVICE.length()));
    }

    private List<String> names(String directory) {
        return entries.computeIfAbsent(directory, this::list);
    }

    private List<String> list(String directory) {
        try {
            return root.list(directory)
                    .map(listing -> new ArrayList<>(listing.names()))
                    .orElseGet(ArrayList::new);
        } catch (IOException e) {
            // systemd reads nothing from it either.
            return List.of();
        }
    }
}
