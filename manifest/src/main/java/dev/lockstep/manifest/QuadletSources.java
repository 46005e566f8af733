package dev.lockstep.manifest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Binds the images of Quadlet files: those that {@code bound-images.d} links to, those that say so themselves or are in a
 * {@code bootc-bound} directory, or all of them. {@code Bound=false} in the file or in a drop-in keeps a unit out in any case.
 */
final class QuadletSources {
    private final RootTree root;
    private final Findings findings;
    private final boolean all;
    private final Optional<QuadletVersion> version;
    private final QuadletRoot quadlet;
    private final QuadletBinder binder;
    private final ServiceOverrides overrides;
    private final QuadletInstances instances;
    private final Map<String, QuadletUnit> bound = new LinkedHashMap<>();

    /** Reads the Quadlet files of a root, as the podman of the root does. */
    QuadletSources(RootTree root, BoundImages.Quadlets quadlets, Findings findings) {
        RootSettings settings = RootSettings.of(root, findings);
        Optional<QuadletVersion> version = QuadletVersion.of(root).or(settings::podman);
        this.root = root;
        this.findings = findings;
        this.all = quadlets == BoundImages.Quadlets.ALL || settings.allQuadlets();
        this.version = version;
        this.quadlet = QuadletRoot.read(root, version.orElse(QuadletVersion.NEWEST));
        this.binder = new QuadletBinder(root, quadlet, findings);
        this.overrides = new ServiceOverrides(root, findings);
        this.instances = new QuadletInstances(root, quadlet);
    }

    /** The version of podman that the root says it has; without one the newest known counts. */
    Optional<QuadletVersion> version() {
        return version;
    }

    void read() {
        QuadletLinks links = new QuadletLinks(root, quadlet, findings);
        for (String directory : QuadletLinks.places()) {
            links.read(directory).forEach(linked -> bind(linked.unit(), true, true));
        }
        quadlet.units().forEach(unit -> bind(unit, isChosen(unit), false));
        if (all) {
            findings.tell(quadlet.lost());
        } else {
            findings.tell(quadlet.lost().stream()
                    .filter(problem -> !findings.isTold(problem))
                    .map(Problem::asWarning)
                    .toList());
        }
        findings.tell(quadlet.problems());
    }

    /** Units without an image have nothing to bind unless somebody asks for it. */
    private boolean isChosen(QuadletUnit unit) {
        return switch (unit.type()) {
            case NETWORK, POD -> false;
            case VOLUME -> (all || quadlet.isBoundByPlace(unit)) && isOfImage(unit);
            case IMAGE, ARTIFACT, CONTAINER, KUBE, BUILD -> all || quadlet.isBoundByPlace(unit);
        };
    }

    private static boolean isOfImage(QuadletUnit unit) {
        return unit.value("Driver").filter(at -> at.value().equals("image")).isPresent();
    }

    /**
     * Binds a unit that is chosen by its place or by itself.
     *
     * @param linked whether somebody asked for this very unit
     */
    private void bind(QuadletUnit unit, boolean chosen, boolean linked) {
        LockstepSection section = LockstepSection.of(unit, findings);
        if (section.bound().orElse(chosen) && bound.putIfAbsent(unit.path(), unit) == null) {
            for (QuadletUnit instance : instances.of(unit)) {
                binder.bind(instance, section.mode(), linked || section.bound().isPresent());
                overrides.check(instance);
            }
        }
    }

    /** The units that were bound, in the order in which they were. */
    Collection<QuadletUnit> bound() {
        return bound.values();
    }

    QuadletRoot quadlet() {
        return quadlet;
    }
}
