package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that is wrong with how a root binds its images, and all that is allowed and yet lets a deployment start without them: for the build of
 * the root, where it can still be mended.
 *
 * @param problems in the order of file and line: the errors of {@link BoundImages}, and warnings
 * @param fixes drop-ins that make the warnings go away that a drop-in can without asking anybody; by unit, in the order of their names
 * @param tagged units whose image has no digest and could get one from a drop-in; in the order in which they were read
 */
public record Lint(List<Problem> problems, List<DropIn> fixes, List<Tagged> tagged) {

    private static final Set<String> NOT_VISIBLE = Set.of(
            ProblemCode.LINT_STORE.name(), ProblemCode.LINT_BOOTC_STORE.name(), ProblemCode.LINT_PRIMARY_STORE.name());

    public Lint {
        problems = List.copyOf(problems);
        fixes = List.copyOf(fixes);
        tagged = List.copyOf(tagged);
    }

    /**
     * A drop-in for a Quadlet unit, {@code podman-systemd.unit(5)}.
     *
     * @param directory of the unit inside the root, links followed; the drop-in may also be in any other Quadlet directory
     * @param unit name of the unit's file, such as {@code web.container}
     * @param name of the drop-in's file; its number lets it come after the drop-ins of most others
     * @param text of the whole file
     */
    public record DropIn(String directory, String unit, String name, String text) {
        /** {@code web.container.d/50-lockstep.conf}. */
        public String path() {
            return unit + ".d/" + name;
        }
    }

    /**
     * A unit that names an image by a tag, in an assignment of its own.
     *
     * @param directory of the unit inside the root, links followed
     * @param unit name of the unit's file
     * @param section in which {@code Image=} stands
     * @param image what it names, with the options to ask for it
     */
    public record Tagged(String directory, String unit, String section, BoundImage image) {
        /** Names the image by a digest, in a file of its own: it is removed when the tag shall be asked for again. */
        DropIn at(String digest) {
            ImageReference tag = image.reference();
            String text = "# Written by lockstep lint --fix-dropins --digests: what " + tag + " meant.\n[" + section
                    + "]\nImage=" + tag.name() + "@" + digest + "\n";
            return new DropIn(directory, unit, "51-lockstep-digest.conf", text);
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
        Set<QuadletUnit> looked = withReferred(reading.quadlets());
        looked.forEach(units::check);
        units.checkLinks(reading.quadlets().quadlet());
        checkVersion(reading.quadlets(), findings);
        return new Lint(
                findings.summary().problems(),
                units.fixes(),
                tagged(looked, reading.quadlets().quadlet(), bound));
    }

    /** Of those that the root binds. A value with specifiers may mean one image for each instance. */
    private static List<Tagged> tagged(Set<QuadletUnit> units, QuadletRoot quadlet, BoundImages bound) {
        Map<ImageReference, BoundImage> images = new HashMap<>();
        bound.images().forEach(image -> images.put(image.reference(), image));
        QuadletServices services = new QuadletServices(quadlet);
        List<Tagged> tagged = new ArrayList<>();
        for (QuadletUnit unit : units) {
            services.of(unit).images().stream()
                    .filter(named -> named.via().isEmpty() && named.at().key().equals("Image"))
                    .flatMap(named -> reference(named.text()).map(images::get).stream())
                    .filter(image -> image.reference().digest().isEmpty())
                    .forEach(image -> tagged.add(new Tagged(
                            unit.directory(), unit.name(), unit.type().section(), image)));
        }
        return tagged;
    }

    /** A text with specifiers is none. */
    private static Optional<ImageReference> reference(String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (IllegalArgumentException e) {
            // Told when the unit was read.
            return Optional.empty();
        }
    }

    /**
     * Drop-ins that name images by their digests.
     *
     * @param digests what the tags mean, for as many as it is known
     */
    public List<DropIn> pinning(Map<ImageReference, String> digests) {
        return tagged.stream()
                .flatMap(unit -> Optional.ofNullable(digests.get(unit.image().reference())).map(unit::at).stream())
                .toList();
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
