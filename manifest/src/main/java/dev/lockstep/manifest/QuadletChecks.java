package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What makes Quadlet reject a unit although it has nothing to do with images: a rejected unit needs none. */
final class QuadletChecks {
    private static final List<String> DEPENDENCIES = List.of(
            "After",
            "Before",
            "BindsTo",
            "Conflicts",
            "OnFailure",
            "OnSuccess",
            "PartOf",
            "PropagatesReloadTo",
            "PropagatesStopTo",
            "ReloadPropagatedFrom",
            "Requires",
            "Requisite",
            "StopPropagatedFrom",
            "Upholds",
            "Wants");
    private static final Pattern PORTS = Pattern.compile("[0-9]+(-[0-9]+)?(/udp|/tcp)?$");
    private static final Pattern URL = Pattern.compile("^(https?|git://)|github\\.com/.");

    private final QuadletUnit unit;
    private final QuadletServices services;
    private final QuadletRejections rejections;

    QuadletChecks(QuadletUnit unit, QuadletServices services, QuadletRejections rejections) {
        this.unit = unit;
        this.services = services;
        this.rejections = rejections;
    }

    /** Units that must exist when they are named in {@code [Unit]}. */
    void dependencies() {
        if (!unit.version().translatesDependencies()) {
            return;
        }
        for (String key : DEPENDENCIES) {
            for (Assignment dependency : unit.words("Unit", key)) {
                boolean isQuadlet = QuadletType.of(dependency.value())
                        .filter(type ->
                                type != QuadletType.ARTIFACT || unit.version().hasArtifacts())
                        .isPresent();
                if (isQuadlet && services.unit(dependency.value()).isEmpty()) {
                    rejections.missing(dependency, dependency.value());
                }
            }
        }
    }

    void killMode() {
        oneOf("KillMode", List.of("mixed", "control-group"));
    }

    void serviceType() {
        oneOf("Type", List.of("notify", "oneshot"));
    }

    private void oneOf(String key, List<String> values) {
        unit.last("Service", key)
                .filter(at -> !values.contains(at.value()))
                .ifPresent(
                        at -> rejections.value(at, "has an impossible value", "write " + String.join(" or ", values)));
    }

    void reload() {
        Optional<Assignment> signal = unit.value("ReloadSignal");
        boolean hasCommand = unit.last("ReloadCmd")
                .flatMap(at -> unit.unit().last(unit.type().section(), "ReloadCmd"))
                .flatMap(at -> ExecWords.arguments(at.value()))
                .filter(words -> !words.isEmpty())
                .isPresent();
        if (hasCommand && signal.isPresent()) {
            rejections.value(signal.get(), "cannot stand beside ReloadCmd=", "keep one of the two");
        }
    }

    void networks() {
        for (Assignment network : unit.all("Network")) {
            int colon = network.value().indexOf(':');
            String name = colon < 0 ? network.value() : network.value().substring(0, colon);
            boolean isContainer = name.endsWith(".container");
            if (!isContainer && !name.endsWith(".network")) {
                continue;
            }
            Optional<QuadletUnit> named = services.unit(name);
            if (named.isEmpty()) {
                rejections.missing(network, name);
            } else if (services.resource(named.get()).isEmpty()) {
                rejections.value(network, "names a unit that has no name of its own", "name it or mend it");
            } else if (isContainer && colon >= 0) {
                rejections.value(network, "cannot have options for a container's network", "remove the options");
            }
        }
    }

    void user() {
        Optional<Assignment> group = unit.value("Group");
        if (group.isPresent() && unit.value("User").isEmpty()) {
            rejections.value(group.get(), "needs User=", "set User= too");
        }
    }

    void exposedPorts() {
        for (Assignment port : unit.all("ExposeHostPort")) {
            if (!PORTS.matcher(UnicodeSpace.trim(port.value())).find()) {
                rejections.value(port, "is not a port", "write a number, or two with a hyphen between them");
            }
        }
    }

    void pod() {
        Optional<Assignment> pod = unit.value("Pod");
        if (pod.isPresent()) {
            if (!pod.get().value().endsWith(".pod")) {
                rejections.value(pod.get(), "is not the name of a .pod unit", "name a Quadlet file");
            } else if (services.unit(pod.get().value()).isEmpty()) {
                rejections.missing(pod.get(), pod.get().value());
            }
        }
    }

    void subnets() {
        List<Assignment> subnets = unit.all("Subnet");
        for (String key : List.of("Gateway", "IPRange")) {
            List<Assignment> values = unit.all(key);
            if (values.size() > subnets.size()) {
                rejections.value(values.get(subnets.size()), "has no Subnet= to go with", "give each one its Subnet=");
            }
        }
    }

    /** {@code SetWorkingDirectory=} of a {@code .kube} file. */
    void workingDirectory() {
        Optional<Assignment> directory = unit.value("SetWorkingDirectory");
        if (directory.isEmpty()) {
            return;
        }
        String value = directory.get().value().toLowerCase(Locale.ROOT);
        boolean several = unit.version().hasSeveralYaml()
                && unit.words(unit.type().section(), "Yaml").size() > 1;
        if (value.equals("yaml") && several) {
            rejections.value(directory.get(), "needs a single Yaml=", "write unit");
        } else if (!value.equals("yaml") && !value.equals("unit")) {
            rejections.value(directory.get(), "has an impossible value", "write yaml or unit");
        }
    }

    /** Whether a build has a Containerfile and a directory to build in. */
    void buildContext() {
        String file = unit.last("File").map(Assignment::value).orElse("");
        boolean hasDirectory = unit.last("Service", "WorkingDirectory")
                .filter(at -> !at.value().isEmpty())
                .isPresent();
        boolean hasContext = false;
        Optional<Assignment> chosen = unit.value("SetWorkingDirectory");
        if (chosen.isPresent()) {
            String value = chosen.get().value();
            switch (value.toLowerCase(Locale.ROOT)) {
                case "yaml" -> rejections.value(chosen.get(), "is only for .kube files", "write file or unit");
                case "file" -> {
                    if (unit.last("File").isEmpty()) {
                        rejections.value(chosen.get(), "needs File=", "set File= too");
                    }
                    hasDirectory |= !file.isEmpty();
                }
                case "unit" -> hasDirectory = true;
                default -> {
                    boolean relative = !value.startsWith("/") && !isUrl(value);
                    hasContext = !(relative && hasDirectory);
                    hasDirectory |= relative;
                }
            }
        }
        if (!hasDirectory && !hasContext && file.isEmpty()) {
            rejections.lacks(
                    ProblemCode.QUADLET_REJECTED,
                    "has neither SetWorkingDirectory= nor File=, so Quadlet rejects the unit",
                    "set one of the two");
        } else if (!hasDirectory && !hasContext && isRelative(file)) {
            unit.last("File")
                    .ifPresent(at -> rejections.value(
                            at,
                            "is relative to SetWorkingDirectory=, which is not set",
                            "set it, or write a path from /"));
        }
    }

    private boolean isRelative(String file) {
        boolean specifier = unit.version().knowsSpecifierOfBuild() && QuadletPaths.beginsWithSpecifier(file);
        return !specifier && !file.startsWith("/") && !isUrl(file);
    }

    /** Whether podman would fetch what this names. */
    static boolean isUrl(String text) {
        return URL.matcher(text).find();
    }
}
