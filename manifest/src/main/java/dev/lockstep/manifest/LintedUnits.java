package dev.lockstep.manifest;

import dev.lockstep.manifest.Lint.DropIn;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Warns of what bound units do when they start, and collects the drop-ins that mend it. */
final class LintedUnits {
    private static final Set<String> ASKING = Set.of("always", "newer");
    private static final Set<String> STORING = Set.of("Container", "Image", "Kube", "Volume", "Artifact");
    /** Programs that log in to a registry, or print a token for it. */
    private static final Pattern TOKENS = Pattern.compile(
            "\\b(?:podman|skopeo|docker|buildah|oras|crane|helm)\\b.*\\blogin\\b|get-login(?:-password)?\\b|print-access-token"
                    + "|\\bacr login\\b|configure-docker|docker-credential-|ecr-login|get-authorization-token");

    private final RootTree root;
    private final Findings findings;
    private final Map<String, Fix> fixes = new TreeMap<>();
    private final boolean configured;

    LintedUnits(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.configured = !StorageSettings.additionalStores(root).isEmpty();
    }

    /** Lines for one unit. */
    private record Fix(QuadletUnit unit, List<String> lines) {}

    void check(QuadletUnit unit) {
        switch (unit.type()) {
            case CONTAINER -> checkContainer(unit);
            case IMAGE -> checkImage(unit);
            case KUBE -> checkAutoUpdate(unit);
            case VOLUME, ARTIFACT, BUILD, NETWORK, POD -> {}
        }
        checkStore(unit);
        checkCredentials(unit);
        unit.section("Service").stream()
                .filter(at -> at.key().equals("ExecStartPre")
                        && TOKENS.matcher(at.value()).find())
                .forEach(
                        at -> findings.warning(
                                ProblemCode.LINT_TOKEN,
                                at.place(),
                                "makes credentials when the unit starts; its image is fetched before the root has ever run",
                                "put credentials that last into the root and name them with AuthFile=, or bind the image from a mirror that asks for none"));
    }

    private void checkContainer(QuadletUnit unit) {
        unit.value("Pull").filter(LintedUnits::asks).ifPresent(at -> {
            warnOfPull(at, "with Pull=" + at.value(), "write Pull=missing");
            fix(unit, "Pull=missing");
        });
        List<Assignment> arguments = unit.arguments("PodmanArgs");
        PodmanWords.run(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(word -> word.name().equals("--pull")
                        && ASKING.contains(word.value().toLowerCase(Locale.ROOT)))
                .findFirst()
                .ifPresent(word -> warnOfPull(arguments.getFirst(), "with --pull=" + word.value(), "remove it"));
        checkAutoUpdate(unit);
    }

    private void checkImage(QuadletUnit unit) {
        Optional<Assignment> policy = unit.value("Policy");
        if (policy.isPresent() && !asks(policy.get())) {
            return;
        }
        Optional<Assignment> at = policy.or(() -> unit.value("Image"));
        if (at.isEmpty()) {
            return;
        }
        if (unit.version().isAtLeast(5, 6, 0)) {
            warnOfPull(
                    at.get(),
                    policy.isPresent() ? "with Policy=" + policy.get().value() : "without Policy=",
                    "write Policy=missing");
            fix(unit, "Policy=missing");
        } else {
            warnOfPull(
                    at.get(),
                    "by an .image unit of podman " + unit.version(),
                    "name the image itself in Image= of the container");
        }
    }

    private static boolean asks(Assignment at) {
        return ASKING.contains(at.value().toLowerCase(Locale.ROOT));
    }

    private void warnOfPull(Assignment at, String how, String hint) {
        findings.warning(
                ProblemCode.LINT_PULL,
                at.place(),
                "is asked for at its registry whenever the unit starts, " + how
                        + ": without the network it may not start, with it the image may be replaced",
                hint);
    }

    private void checkAutoUpdate(QuadletUnit unit) {
        unit.all("AutoUpdate").stream()
                .filter(at -> at.value().endsWith("registry"))
                .forEach(at -> findings.warning(
                        ProblemCode.LINT_AUTO_UPDATE,
                        at.place(),
                        "lets podman-auto-update replace the image between two upgrades",
                        "remove it: images change with the deployment"));
    }

    private void checkCredentials(QuadletUnit unit) {
        List<Assignment> arguments = unit.arguments("PodmanArgs");
        PodmanWords.run(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(word -> word.name().equals("--creds"))
                .findFirst()
                .map(word -> arguments.getFirst())
                .or(() -> unit.value("Creds"))
                .ifPresent(at -> findings.warning(
                        ProblemCode.LINT_CREDENTIALS,
                        at.place(),
                        "holds a password, which everybody can read who has the image",
                        "put it into a file that only root can read, and name that with AuthFile="));
    }

    /** A unit without any word on stores needs one when the configuration has none. */
    private void checkStore(QuadletUnit unit) {
        ImageUse.Stores stores = QuadletUse.of(unit, false, List.of()).stores();
        if (!configured
                && stores.equals(ImageUse.Stores.DEFAULT)
                && STORING.contains(unit.type().section())) {
            fix(unit, "GlobalArgs=--storage-opt=additionalimagestore=" + LintedImages.STORE);
        }
    }

    private void fix(QuadletUnit unit, String line) {
        fixes.computeIfAbsent(unit.name(), name -> new Fix(unit, new ArrayList<>()))
                .lines()
                .add(line);
    }

    /** The drop-ins, in the order of the names of their units. */
    List<DropIn> fixes() {
        return fixes.values().stream()
                .map(fix -> new DropIn(
                        fix.unit().directory(),
                        fix.unit().name(),
                        "50-lockstep.conf",
                        "# Written by lockstep lint --fix-dropins.\n["
                                + fix.unit().type().section() + "]\n" + String.join("\n", fix.lines()) + "\n"))
                .toList();
    }

    /** Tells which links of our own directory stock bootc would not take in its own. */
    void checkLinks(QuadletRoot quadlet) {
        for (String name : DirectoryNames.of(root, QuadletLinks.LOCKSTEP, findings)) {
            String link = QuadletLinks.LOCKSTEP + "/" + name;
            Findings aside = findings.aside();
            BootcRules rules = new BootcRules(aside);
            if (rules.takes(link)) {
                target(link).flatMap(quadlet::at).ifPresent(rules::check);
            }
            aside.summary().problems().stream()
                    .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                    .forEach(problem -> findings.tell(List.of(new Problem(
                            Problem.Severity.WARNING,
                            ProblemCode.LINT_BOOTC.name(),
                            problem.file(),
                            problem.line(),
                            problem.key(),
                            problem.message()
                                    .replace(
                                            "bootc would fail every upgrade: it",
                                            "stock bootc would not bind this: it"),
                            "leave it where it is; keep in mind that bootc alone does not fetch it"))));
        }
    }

    private Optional<String> target(String link) {
        try {
            return root.resolve(link);
        } catch (IOException e) {
            // Told when the link was read.
            return Optional.empty();
        }
    }
}
