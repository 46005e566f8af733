package dev.lockstep.manifest;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of podman whose Quadlet reads a root's files, and what changed between versions. Recorded with the real Quadlet are 5.4.2 and
 * 5.8.6; what is between them is from podman's release notes. Versions before 5.4 are read as 5.4.
 */
public record QuadletVersion(int major, int minor, int patch) implements Comparable<QuadletVersion> {

    /** The newest one whose behaviour is recorded: taken when a root does not say what it has. */
    public static final QuadletVersion NEWEST = new QuadletVersion(5, 8, 6);

    private static final Pattern NUMBER =
            Pattern.compile("(?:[0-9]{1,4}:)?([0-9]{1,4})\\.([0-9]{1,4})(?:\\.([0-9]{1,4}))?(?:[^0-9].*)?");

    /** Reads the version of a package, such as {@code 5.4.2+ds1-2} or {@code 5:5.6.0-1.el10}; empty when it is none. */
    public static Optional<QuadletVersion> parse(String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String patch = matcher.group(3);
        return Optional.of(new QuadletVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch)));
    }

    /** The version of the podman package of a root, by its package database; empty when that does not say. */
    public static Optional<QuadletVersion> of(RootTree root) {
        return PodmanPackage.version(root).flatMap(QuadletVersion::parse);
    }

    @Override
    public int compareTo(QuadletVersion other) {
        return Comparator.comparingInt(QuadletVersion::major)
                .thenComparingInt(QuadletVersion::minor)
                .thenComparingInt(QuadletVersion::patch)
                .compare(this, other);
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
        return compareTo(new QuadletVersion(wantedMajor, wantedMinor, wantedPatch)) >= 0;
    }

    /** Names of units in {@code After=} and its like must exist. */
    boolean translatesDependencies() {
        return isAtLeast(5, 5, 0);
    }

    /** Of two drop-ins of one name the more specific one counts, wherever it is; before, the one in the earlier directory. */
    boolean dropInsBySpecificity() {
        return isAtLeast(5, 6, 0);
    }

    /** {@code Mount=} without a type is a volume; before, an error. */
    boolean mountHasDefaultType() {
        return isAtLeast(5, 6, 0);
    }

    boolean hasArtifacts() {
        return isAtLeast(5, 7, 0);
    }

    /** {@code Yaml=} is a list; before, one path. */
    boolean hasSeveralYaml() {
        return isAtLeast(5, 7, 0);
    }

    /** A mount without a source is checked; before, the generator dies of it. */
    boolean survivesMountWithoutSource() {
        return isAtLeast(5, 7, 0);
    }

    /** {@code File=} of a build may begin with a specifier. */
    boolean knowsSpecifierOfBuild() {
        return isAtLeast(5, 7, 0);
    }

    /** A volume without a source is an anonymous one. */
    boolean volumeNeedsNoSource() {
        return isAtLeast(6, 0, 0);
    }

    /** {@code a@.image} is {@code a-image@.service}; before, {@code a@-image.service}. */
    boolean keepsTemplates() {
        return isAtLeast(5, 7, 0);
    }

    /** One matching pair of quotation marks goes; before, all at both ends. */
    boolean unquotesPairs() {
        return isAtLeast(5, 8, 2);
    }

    /** Directories of users are left out below {@code /usr/share} too. */
    boolean skipsUsersEverywhere() {
        return isAtLeast(6, 0, 0);
    }

    /** As podman prints it. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
