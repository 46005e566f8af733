package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the root puts in the place of a unit that Quadlet generates, {@code systemd.unit(5)}: a file of its name in {@code /etc} replaces or
 * masks it, and a drop-in may give it another command. Which image it then needs cannot be told from the Quadlet file.
 */
final class ServiceOverrides {
    private static final String ADMINISTRATOR = "/etc/systemd/system";
    private static final List<String> DROP_INS = List.of(ADMINISTRATOR, "/usr/lib/systemd/system");

    private final RootTree root;
    private final Findings findings;
    private final QuadletFiles files;
    private final Map<String, Set<String>> entries = new HashMap<>();

    ServiceOverrides(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.files = new QuadletFiles(root, findings);
    }

    /** Warns of what overrides the service of a bound unit. */
    void check(QuadletUnit unit) {
        String service = unit.service() + ".service";
        if (names(ADMINISTRATOR).contains(service)) {
            findings.warning(
                    ProblemCode.QUADLET_SHADOWED,
                    Place.of(ADMINISTRATOR + "/" + service),
                    "takes the place of the unit that Quadlet makes of " + unit.path()
                            + ", whose image is bound all the same",
                    "remove it, or set Bound=false in [X-Lockstep] of a drop-in of " + unit.name());
        }
        for (String directory : DROP_INS) {
            if (names(directory).contains(service + ".d")) {
                checkDropIns(unit, directory + "/" + service + ".d");
            }
        }
    }

    private void checkDropIns(QuadletUnit unit, String directory) {
        names(directory).stream()
                .filter(name -> name.endsWith(".conf"))
                .sorted()
                .forEach(name -> command(directory + "/" + name)
                        .ifPresent(at -> findings.warning(
                                ProblemCode.QUADLET_SHADOWED,
                                at.place(),
                                "changes the command of the unit that Quadlet makes of " + unit.path()
                                        + ", whose image is bound all the same",
                                "change the Quadlet file instead, by a drop-in " + unit.name() + ".d")));
    }

    private Optional<Assignment> command(String file) {
        return files.content(file).unit().flatMap(dropIn -> dropIn.last("Service", "ExecStart"));
    }

    private Set<String> names(String directory) {
        return entries.computeIfAbsent(directory, this::list);
    }

    private Set<String> list(String directory) {
        try {
            return root.list(directory)
                    .map(listing -> Set.copyOf(listing.names()))
                    .orElse(Set.of());
        } catch (IOException e) {
            // systemd reads nothing from it either.
            return Set.of();
        }
    }
}
