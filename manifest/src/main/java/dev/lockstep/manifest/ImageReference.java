package dev.lockstep.manifest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fully qualified image reference in canonical form: {@code registry/repository} with a tag or a digest.
 *
 * <p>The grammar is that of {@code github.com/distribution/reference}. A reference that has both tag and digest means the digest, as it does
 * for podman; the tag is dropped. Without either, the tag is {@code latest}. {@code docker.io/name} is {@code docker.io/library/name}, and
 * {@code index.docker.io} is {@code docker.io}; the registry's case is kept, as podman keeps it. Short names are refused: what they mean
 * depends on the host that resolves them.
 *
 * @param registry host, with a port if it has one
 * @param repository path below the registry, lower case
 * @param tag exactly one of tag and digest is there
 * @param digest {@code sha256:} and 64 hexadecimal digits
 */
public record ImageReference(String registry, String repository, Optional<String> tag, Optional<String> digest) {

    private static final String COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
    private static final Pattern REFERENCE =
            Pattern.compile("(?<registry>(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-fA-F:]+])(?::[0-9]+)?)"
                    + "/(?<repository>" + COMPONENT + "(?:/" + COMPONENT + ")*)"
                    + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
                    + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");
    /** Longest name that podman accepts, in characters. */
    private static final int LONGEST_NAME = 255;
    /** Longer than the longest name with the longest tag and a digest. */
    private static final int LONGEST_TEXT = 512;

    private static final String REGISTRY_TRANSPORT = "docker://";
    /** Other transports of {@code containers-transports(5)}, and what is mistaken for one. */
    private static final Pattern TRANSPORT = Pattern.compile(
            "(containers-storage|dir|docker-archive|docker-daemon"
                    + "|docker-tarball|oci|oci-archive|ostree|sif|tarball|atomic):.*|(?:https?|file|docker):/.*",
            Pattern.DOTALL);

    /**
     * Reads a reference as a unit file or a command line gives it.
     *
     * @throws IllegalArgumentException when it is not a fully qualified reference; the message says what is wrong with it
     */
    public static ImageReference parse(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException(
                    OptionValues.quoted(text) + " is longer than any image reference can be");
        }
        String plain = text.startsWith(REGISTRY_TRANSPORT) ? text.substring(REGISTRY_TRANSPORT.length()) : text;
        if (TRANSPORT.matcher(plain).matches()) {
            throw new IllegalArgumentException(OptionValues.quoted(text)
                    + " is not an image of a registry; only those can be bound, with or without docker:// before them");
        }
        Matcher matcher = REFERENCE.matcher(plain);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(complaint(plain));
        }
        String registry = matcher.group("registry");
        if (!isRegistry(registry)) {
            throw new IllegalArgumentException(shortName(plain));
        }
        if (registry.equals("index.docker.io")) {
            registry = "docker.io";
        }
        String repository = matcher.group("repository");
        if (registry.equals("docker.io") && repository.indexOf('/') < 0) {
            repository = "library/" + repository;
        }
        if (registry.length() + 1 + repository.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("the name is longer than " + LONGEST_NAME + " characters");
        }
        Optional<String> digest = Optional.ofNullable(matcher.group("digest"));
        Optional<String> tag = digest.isPresent()
                ? Optional.empty()
                : Optional.of(Optional.ofNullable(matcher.group("tag")).orElse("latest"));
        return new ImageReference(registry, repository, tag, digest);
    }

    private static boolean isRegistry(String first) {
        return first.contains(".") || first.contains(":") || first.equals("localhost");
    }

    private static String shortName(String text) {
        return "'" + text
                + "' does not name its registry; what a short name means depends on the host that resolves it";
    }

    private static String complaint(String text) {
        if (text.isBlank()) {
            return "the image reference is empty";
        }
        if (text.indexOf('/') < 0 && text.matches("[A-Za-z0-9_.:@-]+")) {
            return shortName(text);
        }
        if (text.contains("@") && !text.matches(".*@sha256:[0-9a-f]{64}")) {
            return "'" + text + "' has a malformed digest; a digest is sha256: and 64 lower-case hexadecimal digits";
        }
        return "'" + text + "' is not an image reference (registry/repository:tag or registry/repository@sha256:…)";
    }

    /** Registry and repository, without tag or digest. */
    public String name() {
        return registry + "/" + repository;
    }

    /** The same repository at one digest. */
    public ImageReference at(String manifestDigest) {
        return new ImageReference(registry, repository, Optional.empty(), Optional.of(manifestDigest));
    }

    /** The canonical text, which podman reads back to the same image. */
    @Override
    public String toString() {
        return name()
                + tag.map(value -> ":" + value).orElse("")
                + digest.map(value -> "@" + value).orElse("");
    }
}
