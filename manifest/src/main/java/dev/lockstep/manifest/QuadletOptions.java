package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** How a unit fetches its image: its keys, and the options in {@code PodmanArgs=}, which come after them and so count. */
final class QuadletOptions {
    private static final Set<String> POLICIES =
            Set.of("always", "missing", "ifnotpresent", "newer", "ifnewer", "never");
    private static final Set<String> TRUE = Set.of("1", "yes", "true", "on");
    private static final Set<String> FALSE = Set.of("0", "no", "false", "off");
    /** Options of {@code podman pull} that a key of {@code [Image]} has too. */
    private static final Map<String, String> KEYS = Map.of(
            "--arch", "Arch",
            "--authfile", "AuthFile",
            "--cert-dir", "CertDir",
            "--creds", "Creds",
            "--decryption-key", "DecryptionKey",
            "--os", "OS",
            "--tls-verify", "TLSVerify",
            "--variant", "Variant",
            "--retry", "Retry",
            "--retry-delay", "RetryDelay");
    /** Options before the command that change nothing about what is fetched, or only where it is looked for. */
    private static final Set<String> GLOBAL = Set.of(
            "--root",
            "--runroot",
            "--imagestore",
            "--storage-opt",
            "--storage-driver",
            "--log-level",
            "--syslog",
            "--tmpdir",
            "--cgroup-manager",
            "--events-backend",
            "--runtime",
            "--volumepath");
    /** Options that change nothing about what is fetched. */
    private static final Set<String> HARMLESS = Set.of("--quiet", "-q", "--policy");

    private final QuadletValues values;
    private final Map<String, Assignment> chosen = new HashMap<>();

    QuadletOptions(QuadletValues values) {
        this.values = values;
    }

    /**
     * The options of an {@code .image} or {@code .artifact} unit.
     *
     * @param image what is fetched; empty when that is not known, which is told elsewhere
     */
    PullOptions ofImage(Optional<ImageReference> image) {
        List.copyOf(KEYS.values()).forEach(this::take);
        values.unit().last("TLSVerify").ifPresent(at -> chosen.put("TLSVerify", at));
        tellUnsupported();
        tellGlobals();
        for (Assignment word : arguments(PodmanWords.pull(words()))) {
            pullArgument(word);
        }
        values.text(
                values.unit().value("Policy"),
                policy -> POLICIES.contains(policy.toLowerCase(Locale.ROOT)),
                "always, missing, newer or never");
        return options(image);
    }

    /** The options of a {@code .container} or {@code .kube} unit that runs an image; empty when it leaves all to podman. */
    Optional<PullOptions> ofRun(ImageReference image) {
        for (Assignment argument : arguments(PodmanWords.run(words()))) {
            String key = KEYS.get(argument.key());
            if (key != null) {
                chosen.put(key, argument);
            } else if (argument.key().equals("--platform")) {
                platform(argument);
            }
        }
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        take("Retry");
        take("RetryDelay");
        return Optional.of(options(Optional.of(image)));
    }

    /**
     * The options with which a {@code .build} unit fetches an image that it builds from.
     *
     * @param platform {@code os/arch[/variant]} of the instruction, which comes before that of the unit
     */
    PullOptions ofBuild(ImageReference image, Optional<String> platform) {
        List.of("AuthFile", "Arch", "Variant", "Retry", "RetryDelay").forEach(this::take);
        values.unit().last("TLSVerify").ifPresent(at -> chosen.put("TLSVerify", at));
        for (Assignment argument : arguments(PodmanWords.build(words()))) {
            String key = KEYS.get(argument.key());
            if (key != null) {
                chosen.put(key, argument);
            } else if (argument.key().equals("--platform")) {
                platform(argument);
            }
        }
        platform.ifPresent(text -> platform(new Assignment("", "--platform", text, 1, "")));
        return options(Optional.of(image));
    }

    private List<String> words() {
        return values.unit().arguments("PodmanArgs").stream()
                .map(Assignment::value)
                .toList();
    }

    /** The words again with the line that the last of {@code PodmanArgs=} stands on; the key is the name of the option. */
    private List<Assignment> arguments(List<PodmanWords.Word> words) {
        List<Assignment> arguments = new ArrayList<>();
        List<Assignment> lines = values.unit().arguments("PodmanArgs");
        for (PodmanWords.Word word : words) {
            Assignment line = lines.stream()
                    .filter(candidate -> candidate.value().equals(word.isOperand() ? word.value() : word.name())
                            || candidate.value().equals(word.name() + "=" + word.value()))
                    .findFirst()
                    .orElse(lines.getFirst());
            arguments.add(new Assignment(line.section(), word.name(), word.value(), line.line(), line.file()));
        }
        return arguments;
    }

    private void take(String key) {
        values.unit().value(key).ifPresent(at -> chosen.putIfAbsent(key, at));
    }

    private void pullArgument(Assignment argument) {
        String key = KEYS.get(argument.key());
        if (key != null) {
            chosen.put(key, argument);
        } else if (argument.key().equals("--platform")) {
            platform(argument);
        } else if (!HARMLESS.contains(argument.key()) && !argument.key().isEmpty()) {
            values.warning(
                    ProblemCode.QUADLET_IGNORED_KEY,
                    named(argument),
                    OptionValues.quoted(argument.key())
                            + " is not followed when the image is fetched for the deployment",
                    "use the keys of [Image] for what the pull needs");
        }
    }

    private void tellGlobals() {
        List<Assignment> arguments = values.unit().arguments("GlobalArgs");
        PodmanWords.globals(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(word -> !GLOBAL.contains(word.name()))
                .findFirst()
                .ifPresent(word -> values.warning(
                        ProblemCode.QUADLET_IGNORED_KEY,
                        arguments.getFirst(),
                        "is not followed when the image is fetched for the deployment",
                        "use the keys of [Image] for what the pull needs"));
    }

    private static Assignment named(Assignment argument) {
        return new Assignment(argument.section(), "PodmanArgs", argument.value(), argument.line(), argument.file());
    }

    private void platform(Assignment argument) {
        String[] parts = argument.value().split("/", 3);
        List<String> keys = List.of("OS", "Arch", "Variant");
        for (int i = 0; i < parts.length; i++) {
            chosen.put(keys.get(i), argument.with(parts[i]));
        }
    }

    private void tellUnsupported() {
        values.unit()
                .value("AllTags")
                .filter(all -> QuadletUnit.isTrue(all.value()))
                .ifPresent(all -> values.error(
                        ProblemCode.QUADLET_UNSUPPORTED_KEY,
                        all,
                        "a whole repository cannot be bound, only one image",
                        "bind each tag that is used in a file of its own"));
    }

    private PullOptions options(Optional<ImageReference> image) {
        return new PullOptions(
                text("AuthFile", OptionValues::isAbsolutePath, "an absolute path inside the root"),
                tlsVerify(),
                text("Arch", OptionValues::isPlatformName, "a name such as amd64"),
                text("OS", OptionValues::isPlatformName, "a name such as linux"),
                text("Variant", OptionValues::isPlatformName, "a name such as v8"),
                text("CertDir", OptionValues::isAbsolutePath, "an absolute path inside the root"),
                text("DecryptionKey", OptionValues::isAbsolutePath, "an absolute path inside the root"),
                Optional.empty(),
                text("Retry", text -> OptionValues.count(text).isPresent(), "a number")
                        .map(OptionValues::count)
                        .orElse(OptionalInt.empty()),
                text("RetryDelay", text -> GoDuration.parse(text).isPresent(), "a duration such as 5s")
                        .flatMap(GoDuration::parse),
                text("Creds", Credentials::isPossible, "user:password")
                        .flatMap(text -> image.flatMap(fetched -> Credentials.of(fetched, text))));
    }

    private Optional<String> text(String key, Predicate<String> isPossible, String wanted) {
        return values.text(Optional.ofNullable(chosen.get(key)), isPossible, wanted);
    }

    private Optional<Boolean> tlsVerify() {
        return Optional.ofNullable(chosen.get("TLSVerify")).map(assignment -> {
            String value = assignment.value().toLowerCase(Locale.ROOT);
            // An option of podman without a value is true, a key of Quadlet without one is false.
            boolean bare = assignment.key().startsWith("-") && value.isEmpty();
            if (!bare && !TRUE.contains(value) && !FALSE.contains(value)) {
                values.warning(
                        ProblemCode.QUADLET_VALUE,
                        assignment,
                        "is neither true nor false; Quadlet takes it as false and certificates are not checked",
                        "write true or false");
            }
            return bare || TRUE.contains(value);
        });
    }
}
