package dev.lockstep.manifest;

import java.util.List;

/**
 * Everything that one root binds, and everything that is wrong with how it does so.
 *
 * @param images each reference once, in the order in which the sources were read
 * @param problems all of them, in the order of file and line
 */
public record BoundImages(List<BoundImage> images, List<Problem> problems) {

    public BoundImages {
        images = List.copyOf(images);
        problems = List.copyOf(problems);
    }

    /**
     * Reads a root's bound set: the links of the {@code bound-images.d} directories, then the {@code bound-images/*.toml} files of
     * {@code /usr/lib}, then those of {@code /etc}, then the manifests of MicroShift.
     * A problem in a file is a value in the result, never an exception.
     */
    public static BoundImages of(RootTree root) {
        return of(root, Quadlets.CHOSEN);
    }

    /** Which Quadlet files are read for images. */
    public enum Quadlets {
        /** Those that the root binds. */
        CHOSEN,
        /** Every one of the system's manager, bound or not, but those that say {@code Bound=false}. */
        ALL
    }

    /** The same with a choice of Quadlet files. */
    public static BoundImages of(RootTree root, Quadlets quadlets) {
        BoundImages bound = read(root, quadlets, new Findings(ShortNames.of(root)))
                .findings()
                .summary();
        return new Placements(root).in(bound);
    }

    /** What the reading of a root leaves behind. */
    record Reading(QuadletSources quadlets, Findings findings) {}

    static Reading read(RootTree root, Quadlets choice, Findings findings) {
        QuadletSources quadlets = new QuadletSources(root, choice, findings);
        quadlets.read();
        new TomlFiles(root, findings).read();
        new MicroShiftManifests(root, findings).read();
        return new Reading(quadlets, findings);
    }

    /** Whether a problem fails the staging. */
    public boolean failed() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
