package dev.lockstep.manifest;

import dev.lockstep.manifest.KubeManifest.Dialect;
import dev.lockstep.manifest.KubeManifest.Image;
import dev.lockstep.manifest.KubeManifest.PullPolicy;
import dev.lockstep.manifest.KubeManifest.Use;
import dev.lockstep.manifest.YamlNode.Mapping;
import dev.lockstep.manifest.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Collects the images of pods. */
final class KubePods {
    /** Names in one message. */
    static final int MOST_SHOWN = 5;
    /** Aliases can name a list of containers again and again; no real file has so many. */
    private static final int MOST_IMAGES = 10_000;

    private static final String MOUNTS = "io.podman.annotations.kube.image.volumes.mount/";
    private static final String WRITE_IT = "write registry/repository:tag or registry/repository@sha256:…";

    private final String file;
    private final Dialect dialect;
    private final Findings findings;
    private final UnaryOperator<String> renamed;
    private final List<Image> images = new ArrayList<>();
    private int named;

    KubePods(String file, Dialect dialect, UnaryOperator<String> renamed, Findings findings) {
        this.renamed = renamed;
        this.file = file;
        this.dialect = dialect;
        this.findings = findings;
    }

    List<Image> images() {
        return List.copyOf(images);
    }

    /** What should be a mapping; empty and told when it is not. */
    Optional<KubeFields> fields(YamlNode node, String what) {
        if (node instanceof Mapping mapping) {
            return Optional.of(new KubeFields(file, mapping, dialect, findings));
        }
        findings.error(
                ProblemCode.KUBE_VALUE,
                Place.of(file, node.line()),
                what + " is not a mapping",
                "write it as the Kubernetes API has it");
        return Optional.empty();
    }

    /** Collects what a pod's {@code spec} names, and what the annotations of its object name for its containers. */
    void read(KubeFields spec, Map<String, YamlNode> annotations) {
        containers(spec, "initContainers", Use.INIT_CONTAINER, annotations);
        containers(spec, "containers", Use.CONTAINER, annotations);
        for (YamlNode node : within(spec.list("volumes"), spec.line())) {
            fields(node, "a volume")
                    .flatMap(volume -> volume.object("image"))
                    .ifPresent(image -> image(image, "reference", "pullPolicy", Use.IMAGE_VOLUME));
        }
    }

    private void containers(KubeFields spec, String list, Use use, Map<String, YamlNode> annotations) {
        for (YamlNode node : within(spec.list(list), spec.line())) {
            fields(node, "a container").ifPresent(container -> {
                image(container, "image", "imagePullPolicy", use);
                if (dialect == Dialect.PODMAN) {
                    mounts(container, annotations);
                }
            });
        }
    }

    private List<YamlNode> within(List<YamlNode> nodes, int line) {
        named += nodes.size();
        if (named <= MOST_IMAGES) {
            return nodes;
        }
        findings.error(
                ProblemCode.YAML_SYNTAX,
                Place.of(file, line),
                "names more than " + MOST_IMAGES + " images",
                "split the file, or do not repeat lists by aliases");
        return List.of();
    }

    private void image(KubeFields fields, String key, String policyKey, Use use) {
        Optional<Scalar> policy =
                fields.text(policyKey).filter(value -> !value.text().isEmpty());
        Optional<Scalar> image = fields.text(key);
        if (image.isEmpty() || image.get().text().isEmpty()) {
            findings.error(
                    ProblemCode.KUBE_NO_IMAGE,
                    Place.of(file, image.map(Scalar::line).orElse(fields.line()), key),
                    "names no image",
                    WRITE_IT);
            return;
        }
        String text =
                use.isMount() ? image.get().text() : renamed.apply(image.get().text());
        reference(image.get(), text, key)
                .ifPresent(reference -> images.add(new Image(
                        reference,
                        use,
                        policy.flatMap(value -> policy(value, policyKey)).orElseGet(() -> standard(reference)),
                        key,
                        image.get().line())));
    }

    /** An image that an annotation names; nobody asks a registry for it. */
    void named(Scalar image, String annotation, Use use) {
        reference(image, image.text(), annotation)
                .ifPresent(
                        reference -> images.add(new Image(reference, use, PullPolicy.NEVER, annotation, image.line())));
    }

    private void mounts(KubeFields container, Map<String, YamlNode> annotations) {
        String annotation = MOUNTS + container.text("name").map(Scalar::text).orElse("");
        if (annotations.get(annotation) instanceof Scalar mounted
                && !mounted.text().isEmpty()) {
            for (String name : mounted.text().split(";", -1)) {
                named(new Scalar(name, mounted.plain(), mounted.line()), annotation, Use.MOUNT_ANNOTATION);
            }
        }
    }

    private Optional<ImageReference> reference(Scalar image, String text, String key) {
        if (text.startsWith("docker://")) {
            findings.error(
                    ProblemCode.IMAGE_REFERENCE,
                    Place.of(file, image.line(), key),
                    "begins with a transport, which a manifest does not take",
                    "leave docker:// out");
            return Optional.empty();
        }
        return findings.reference(text, Place.of(file, image.line(), key));
    }

    private Optional<PullPolicy> policy(Scalar value, String key) {
        String word = dialect == Dialect.PODMAN ? value.text().toLowerCase(Locale.ROOT) : value.text();
        Optional<PullPolicy> policy = switch (word) {
            case "Always", "always" -> Optional.of(PullPolicy.ALWAYS);
            case "IfNotPresent", "ifnotpresent" -> Optional.of(PullPolicy.MISSING);
            case "Never", "never" -> Optional.of(PullPolicy.NEVER);
            case "newer" -> Optional.of(PullPolicy.NEWER);
            default -> Optional.empty();
        };
        boolean exact = dialect == Dialect.PODMAN || Character.isUpperCase(word.codePointAt(0));
        if (policy.isEmpty() || !exact) {
            findings.error(
                    ProblemCode.KUBE_VALUE,
                    Place.of(file, value.line(), key),
                    OptionValues.quoted(value.text()) + " is no pull policy",
                    "write IfNotPresent");
            return Optional.empty();
        }
        return policy;
    }

    /** The policy of an image that has none written: a tag that is meant to move is asked for again. */
    private PullPolicy standard(ImageReference reference) {
        boolean moves = reference.tag().filter("latest"::equals).isPresent();
        if (!moves) {
            return PullPolicy.MISSING;
        }
        return dialect == Dialect.PODMAN ? PullPolicy.NEWER : PullPolicy.ALWAYS;
    }
}
