package dev.lockstep.manifest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fully qualified image reference in canonical form: {@code registry/repository} with a tag or a digest.
 *
 * <p>The grammar is that of {@code github.com/distribution/reference}. A reference that has both tag and digest means the digest, as it does
 * for podman; the tag is dropped. Without either, the tag is {@code latest}. {@code docker.io/name} is {@code docker.io/library/name}, and
 * {@code index.docker.io} is {@code docker.io}; the registry's case is kept, as podman keeps it. Short names are refused, unless
 * {@code docker://} before them says that they are Docker Hub's: what they mean depends on the host that resolves them. The tests hold this
 * to a table that real podman made.
 *
 * @param registry host, with a port if it has one
 * @param repository path below the registry, lower case
 * @param tag exactly one of tag and digest is there
 * @param digest {@code sha256:} and 64 hexadecimal digits
 */
public record ImageReference(String registry, String repository, Optional<String> tag, Optional<String> digest) {

    private static final String COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
    private static final Pattern REGISTRY = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*(?::[0-9]+)?");
    private static final Pattern REPOSITORY = Pattern.compile("(?<path>" + COMPONENT + "(?:/" + COMPONENT + ")*)"
            + "(?<suffix>(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
            + "(?:@(?<digest>(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})))?)");
    private static final Pattern IMAGE_ID = Pattern.compile("(?:sha256:)?[0-9a-f]{64}");
    private static final String STORED_DIGEST = "sha256:";
    /** Longest name that podman accepts, in characters. */
    private static final int LONGEST_NAME = 255;
    /** Longer than the longest name with the longest tag and a digest. */
    private static final int LONGEST_TEXT = 640;

    private static final String REGISTRY_TRANSPORT = "docker://";
    private static final String DOCKER_HUB = "docker.io";
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
        boolean transport = text.startsWith(REGISTRY_TRANSPORT);
        String plain = transport ? text.substring(REGISTRY_TRANSPORT.length()) : text;
        if (TRANSPORT.matcher(plain).matches()) {
            throw new IllegalArgumentException(OptionValues.quoted(text)
                    + " is not an image of a registry; only those can be bound, with or without docker:// before them");
        }
        if (IMAGE_ID.matcher(plain).matches()) {
            throw new IllegalArgumentException(
                    "'" + plain + "' is the ID of an image, which no registry can be asked for");
        }
        int slash = plain.indexOf('/');
        boolean qualified = slash >= 0 && isRegistry(plain.substring(0, slash));
        String registry = qualified ? plain.substring(0, slash) : DOCKER_HUB;
        if (!REGISTRY.matcher(registry).matches()) {
            // podman takes a word that cannot be a host's name for the first part of a short name.
            requireLongName(plain, transport);
            throw new IllegalArgumentException(complaint(plain));
        }
        if (!qualified) {
            requireLongName(plain, transport);
        }
        Matcher matcher = REPOSITORY.matcher(plain.substring(qualified ? slash + 1 : 0));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(complaint(plain));
        }
        return canonical(registry, matcher);
    }

    /** {@code docker://} says that the registry is Docker Hub. */
    private static void requireLongName(String plain, boolean transport) {
        Matcher whole = REPOSITORY.matcher(plain);
        if (!transport && whole.matches()) {
            throw new ShortNameException(whole.group("path"), whole.group("suffix"));
        }
    }

    private static ImageReference canonical(String named, Matcher matcher) {
        String registry = named.equals("index.docker.io") ? DOCKER_HUB : named;
        String path = matcher.group("path");
        String repository = registry.equals(DOCKER_HUB) && path.indexOf('/') < 0 ? "library/" + path : path;
        if (registry.length() + 1 + repository.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("the name is longer than " + LONGEST_NAME + " characters");
        }
        Optional<String> digest = Optional.ofNullable(matcher.group("digest"));
        if (digest.isPresent() && !digest.get().startsWith(STORED_DIGEST)) {
            throw new IllegalArgumentException(
                    "'" + digest.get()
                            + "' cannot be bound: podman's store knows images by sha256 alone, so nothing proves that it has this one");
        }
        Optional<String> tag = digest.isPresent()
                ? Optional.empty()
                : Optional.of(Optional.ofNullable(matcher.group("tag")).orElse("latest"));
        return new ImageReference(registry, repository, tag, digest);
    }

    private static boolean isRegistry(String first) {
        return first.contains(".") || first.contains(":") || first.equals("localhost");
    }

    private static String complaint(String text) {
        if (text.isBlank()) {
            return "the image reference is empty";
        }
        if (!text.equals(text.strip())) {
            return "'" + text + "' has blanks around the image reference";
        }
        int digest = text.indexOf('@');
        if (digest >= 0 && !text.substring(digest + 1).matches("sha256:[0-9a-f]{64}")) {
            return "'" + text + "' has a malformed digest; a digest is sha256: and 64 lower-case hexadecimal digits";
        }
        int slash = text.indexOf('/');
        String repository = slash >= 0 && isRegistry(text.substring(0, slash)) ? text.substring(slash + 1) : text;
        String path = repository.split("[:@]", 2)[0];
        if (path.matches("[A-Za-z0-9._/-]*[A-Z][A-Za-z0-9._/-]*")) {
            return "'" + text + "' has capitals in the repository; they are possible in a registry and a tag alone";
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
