package dev.lockstep.manifest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Binds the images of Quadlet files: those that {@code bound-images.d} links to, those that say so themselves or are in a
 * {@code bootc-bound} directory, or all of them. {@code Bound=false} in the file or in a drop-in keeps a unit out in any case.
 */
final class QuadletSources {
    private final RootTree root;
    private final Findings findings;
    private final boolean all;
    private final QuadletRoot quadlet;
    private final QuadletBinder binder;
    private final Map<String, QuadletUnit> bound = new LinkedHashMap<>();

    /**
     * Reads the Quadlet files of a root.
     *
     * @param all whether every unit is bound that does not say otherwise
     */
    QuadletSources(RootTree root, QuadletVersion version, boolean all, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.all = all;
        this.quadlet = QuadletRoot.read(root, version);
        this.binder = new QuadletBinder(root, quadlet, findings);
    }

    void read() {
        QuadletLinks links = new QuadletLinks(root, quadlet, findings);
        for (String directory : QuadletLinks.places()) {
            links.read(directory).forEach(linked -> bind(linked.unit(), true));
        }
        quadlet.units().forEach(unit -> bind(unit, isChosen(unit)));
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
            case NETWORK, POD, BUILD -> false;
            case VOLUME -> (all || quadlet.isBoundByPlace(unit)) && isOfImage(unit);
            case IMAGE, ARTIFACT, CONTAINER, KUBE -> all || quadlet.isBoundByPlace(unit);
        };
    }

    private static boolean isOfImage(QuadletUnit unit) {
        return unit.value("Driver").filter(at -> at.value().equals("image")).isPresent();
    }

    private void bind(QuadletUnit unit, boolean chosen) {
        LockstepSection section = LockstepSection.of(unit, findings);
        if (section.bound().orElse(chosen) && bound.putIfAbsent(unit.path(), unit) == null) {
            binder.bind(unit, section.mode());
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
