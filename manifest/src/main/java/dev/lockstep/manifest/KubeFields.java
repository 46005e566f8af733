package dev.lockstep.manifest;

import dev.lockstep.manifest.KubeManifest.Dialect;
import dev.lockstep.manifest.YamlNode.Mapping;
import dev.lockstep.manifest.YamlNode.Scalar;
import dev.lockstep.manifest.YamlNode.Sequence;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of one Kubernetes object, by name; one of the wrong type is told and counts as absent. */
record KubeFields(String file, Mapping mapping, Dialect dialect, Findings findings) {

    Map<String, YamlNode> values() {
        return mapping.values();
    }

    int line() {
        return mapping.line();
    }

    /**
     * Whatever a field has, unless it is null. Go's JSON reader takes a field in any case, and the last of several in the order of their bytes; the exact name, all others being in
     * capitals, is the last.
     */
    Optional<YamlNode> value(String name) {
        Optional<YamlNode> exact = Optional.ofNullable(mapping.values().get(name));
        if (exact.isPresent() || dialect == Dialect.KUBERNETES) {
            return exact.filter(KubeFields::isThere);
        }
        return mapping.values().keySet().stream()
                .filter(key -> folded(key).equalsIgnoreCase(name))
                .max(Comparator.naturalOrder())
                .map(mapping.values()::get)
                .filter(KubeFields::isThere);
    }

    /** Unicode has two more letters that fold to ASCII ones, and Go's JSON reader knows them. */
    private static String folded(String key) {
        return key.replace('\u017F', 's').replace('\u212A', 'k');
    }

    private static boolean isThere(YamlNode node) {
        return !(node instanceof Scalar scalar && scalar.isNull());
    }

    /** A single value. */
    Optional<Scalar> text(String name) {
        Optional<YamlNode> value = value(name);
        if (value.isPresent() && !(value.get() instanceof Scalar)) {
            wrong(value.get(), name, "is not a single value");
            return Optional.empty();
        }
        return value.map(Scalar.class::cast);
    }

    Optional<KubeFields> object(String name) {
        return value(name).flatMap(value -> {
            if (value instanceof Mapping fields) {
                return Optional.of(new KubeFields(file, fields, dialect, findings));
            }
            wrong(value, name, "is not a mapping");
            return Optional.empty();
        });
    }

    List<YamlNode> list(String name) {
        return value(name)
                .map(value -> {
                    if (value instanceof Sequence sequence) {
                        return sequence.items();
                    }
                    wrong(value, name, "is not a list");
                    return List.<YamlNode>of();
                })
                .orElse(List.of());
    }

    private void wrong(YamlNode value, String name, String what) {
        findings.error(
                ProblemCode.KUBE_VALUE,
                Place.of(file, value.line(), name),
                what + ", so the whole object is refused",
                "write it as the Kubernetes API has it");
    }
}
