package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** Reads a Quadlet {@code .image} file, {@code podman-systemd.unit(5)}, text to value. */
final class QuadletImage {
    static final String SECTION = "Image";

    /** Keys that decide what is fetched, and how. A drop-in must not set them. */
    static final Set<String> PULL_KEYS = Set.of(
            "Image",
            "AuthFile",
            "TLSVerify",
            "Arch",
            "OS",
            "Variant",
            "CertDir",
            "DecryptionKey",
            "Policy",
            "Retry",
            "RetryDelay",
            "Creds",
            "AllTags");

    private static final List<String> KNOWN = List.of(
            "AllTags",
            "Arch",
            "AuthFile",
            "CertDir",
            "ContainersConfModule",
            "Creds",
            "DecryptionKey",
            "GlobalArgs",
            "Image",
            "ImageTag",
            "OS",
            "PodmanArgs",
            "Policy",
            "Retry",
            "RetryDelay",
            "ServiceName",
            "TLSVerify",
            "Variant");
    private static final Set<String> PULL_POLICIES =
            Set.of("always", "missing", "ifnotpresent", "newer", "ifnewer", "never");
    private static final Set<String> TRUE = Set.of("1", "yes", "true", "on");
    private static final Set<String> FALSE = Set.of("0", "no", "false", "off");

    private final QuadletUnit unit;

    QuadletImage(String file, UnitFile unit, Findings findings) {
        this.unit = new QuadletUnit(file, SECTION, unit, findings);
    }

    /**
     * What the file fetches.
     *
     * @param line of {@code Image=}
     */
    record Fetched(ImageReference reference, PullOptions pull, int line) {}

    /** Empty when the file names no image that can be fetched; that, and all else that is wrong with it, is told. */
    Optional<Fetched> read() {
        tellUnknownKeys();
        tellUnsupportedKeys();
        PullOptions pull = pullOptions();
        Optional<Assignment> image = unit.value("Image");
        if (image.isEmpty()) {
            unit.findings()
                    .error(
                            ProblemCode.QUADLET_NO_IMAGE,
                            Place.of(unit.file()),
                            "has no Image= in [Image]",
                            "name the image to fetch");
            return Optional.empty();
        }
        return unit.expanded(image.get())
                .flatMap(text -> unit.reference(image.get(), text))
                .map(reference -> new Fetched(reference, pull, image.get().line()));
    }

    /** What containers that name this file will look for instead of its image, when it says so. */
    Optional<Assignment> imageTag() {
        return unit.value("ImageTag");
    }

    private void tellUnknownKeys() {
        for (Assignment assignment : unit.unit().assignments()) {
            if (assignment.section().equals(SECTION) && !KNOWN.contains(assignment.key())) {
                unit.error(
                        ProblemCode.QUADLET_UNKNOWN_KEY,
                        assignment,
                        "is not a key of [Image], so Quadlet rejects the unit",
                        OptionValues.nearest(assignment.key(), KNOWN)
                                .map(known -> "did you mean " + known + "?")
                                .orElse("remove it"));
            }
        }
    }

    private void tellUnsupportedKeys() {
        unit.value("Creds")
                .ifPresent(creds -> unit.error(
                        ProblemCode.QUADLET_UNSUPPORTED_KEY,
                        creds,
                        "cannot be followed for a bound image: the secret would be readable in the image",
                        "put the credentials into a file and name it with AuthFile="));
        unit.value("AllTags")
                .filter(all -> TRUE.contains(all.value().toLowerCase(Locale.ROOT)))
                .ifPresent(all -> unit.error(
                        ProblemCode.QUADLET_UNSUPPORTED_KEY,
                        all,
                        "a whole repository cannot be bound, only one image",
                        "bind each tag that is used in a file of its own"));
        for (String key : List.of("PodmanArgs", "GlobalArgs")) {
            unit.value(key)
                    .ifPresent(arguments -> unit.warning(
                            ProblemCode.QUADLET_IGNORED_KEY,
                            arguments,
                            "is not followed when the image is fetched for the deployment",
                            "use the keys of [Image] for what the pull needs"));
        }
    }

    private PullOptions pullOptions() {
        text(
                "Policy",
                policy -> PULL_POLICIES.contains(policy.toLowerCase(Locale.ROOT)),
                "always, missing, newer or never");
        return new PullOptions(
                path("AuthFile"),
                tlsVerify(),
                platform("Arch"),
                platform("OS"),
                platform("Variant"),
                path("CertDir"),
                path("DecryptionKey"),
                Optional.empty(),
                text("Retry", text -> OptionValues.count(text).isPresent(), "a number")
                        .map(OptionValues::count)
                        .orElse(OptionalInt.empty()),
                retryDelay());
    }

    private Optional<Boolean> tlsVerify() {
        return unit.unit().last(SECTION, "TLSVerify").map(assignment -> {
            String value =
                    unit.value("TLSVerify").map(Assignment::value).orElse("").toLowerCase(Locale.ROOT);
            if (!TRUE.contains(value) && !FALSE.contains(value)) {
                unit.warning(
                        ProblemCode.QUADLET_VALUE,
                        assignment,
                        "is neither true nor false; Quadlet takes it as false and certificates are not checked",
                        "write true or false");
            }
            return TRUE.contains(value);
        });
    }

    private Optional<Duration> retryDelay() {
        return text("RetryDelay", text -> GoDuration.parse(text).isPresent(), "a duration such as 5s")
                .flatMap(GoDuration::parse);
    }

    private Optional<String> path(String key) {
        return text(key, OptionValues::isAbsolutePath, "an absolute path inside the root");
    }

    private Optional<String> platform(String key) {
        return text(key, OptionValues::isPlatformName, "a name such as amd64");
    }

    /** A value is never echoed here: a key's passphrase may be part of it. */
    private Optional<String> text(String key, Predicate<String> isPossible, String wanted) {
        Optional<Assignment> assignment = unit.value(key);
        Optional<String> text = assignment.flatMap(unit::expanded);
        if (text.isPresent() && !isPossible.test(text.get())) {
            unit.error(ProblemCode.QUADLET_VALUE, assignment.get(), "has an impossible value", "give " + wanted);
            return Optional.empty();
        }
        return text;
    }
}
