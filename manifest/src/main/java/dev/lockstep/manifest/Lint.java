package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is wrong with how a root binds its images, and all that is allowed and yet lets a deployment start without them: for the build of
 * the root, where it can still be mended.
 *
 * @param problems in the order of file and line: the errors of {@link BoundImages}, and warnings
 * @param fixes drop-ins that make the warnings go away that a drop-in can; by unit, in the order of their names
 */
public record Lint(List<Problem> problems, List<DropIn> fixes) {

    private static final Set<String> NOT_VISIBLE = Set.of(
            ProblemCode.LINT_STORE.name(), ProblemCode.LINT_BOOTC_STORE.name(), ProblemCode.LINT_PRIMARY_STORE.name());

    public Lint {
        problems = List.copyOf(problems);
        fixes = List.copyOf(fixes);
    }

    /**
     * A drop-in for a Quadlet unit, {@code podman-systemd.unit(5)}.
     *
     * @param directory of the unit inside the root, links followed; the drop-in may also be in any other Quadlet directory
     * @param unit name of the unit's file, such as {@code web.container}
     * @param text of the whole file
     */
    public record DropIn(String directory, String unit, String text) {
        /** {@code web.container.d/50-lockstep.conf}: comes after the drop-ins of most others. */
        public String path() {
            return unit + ".d/50-lockstep.conf";
        }
    }

    /** Reads a root. What is wrong with it is a value, never an exception. */
    public static Lint of(RootTree root) {
        BoundImages.Reading reading =
                BoundImages.read(root, BoundImages.Quadlets.CHOSEN, new Findings(ShortNames.of(root)));
        Findings findings = reading.findings();
        BoundImages bound = findings.summary();
        LintedImages images = new LintedImages(root, findings);
        bound.images().forEach(images::check);
        LintedUnits units = new LintedUnits(root, findings);
        withReferred(reading.quadlets()).forEach(units::check);
        units.checkLinks(reading.quadlets().quadlet());
        checkVersion(reading.quadlets(), findings);
        return new Lint(findings.summary().problems(), units.fixes());
    }

    private static void checkVersion(QuadletSources quadlets, Findings findings) {
        if (quadlets.version().isEmpty() && !quadlets.bound().isEmpty()) {
            findings.warning(
                    ProblemCode.LINT_PODMAN_VERSION,
                    Place.of(RootSettings.VENDOR),
                    "does not say which podman the root has, and neither does a package database: Quadlet files are read as podman "
                            + QuadletVersion.NEWEST + " reads them",
                    "set version in [podman]");
        }
    }

    /** The bound units, and those that fetch images for them. */
    private static Set<QuadletUnit> withReferred(QuadletSources quadlets) {
        QuadletServices services = new QuadletServices(quadlets.quadlet());
        Map<String, QuadletUnit> all = new LinkedHashMap<>();
        List<QuadletUnit> ahead = new ArrayList<>(quadlets.bound());
        while (!ahead.isEmpty()) {
            QuadletUnit unit = ahead.removeFirst();
            if (all.putIfAbsent(unit.path(), unit) == null) {
                QuadletService service = services.of(unit);
                service.images().forEach(named -> named.via().ifPresent(ahead::add));
                service.volumes().forEach(volume -> services.unit(volume).ifPresent(ahead::add));
            }
        }
        return new LinkedHashSet<>(all.values());
    }

    /** The problems of bound images that the units which name them would not find, though they are in the store of bound images. */
    public List<Problem> notVisible() {
        return problems.stream()
                .filter(problem -> NOT_VISIBLE.contains(problem.code()))
                .toList();
    }

    /** Whether a problem fails the staging of the root. */
    public boolean failed() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
