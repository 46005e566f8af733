package dev.lockstep.manifest;

import dev.lockstep.manifest.KubeManifest.Dialect;
import dev.lockstep.manifest.KubeManifest.Image;
import dev.lockstep.manifest.KubeManifest.Use;
import dev.lockstep.manifest.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Finds the pods of Kubernetes objects, and the images of claims. */
final class KubeObjects {
    /** Where the pod is in an object of a kind: names of fields on the way. */
    private static final Map<String, List<String>> PODS = Map.of(
            "Pod", List.of(),
            "Deployment", List.of("spec", "template"),
            "DaemonSet", List.of("spec", "template"),
            "Job", List.of("spec", "template"),
            "StatefulSet", List.of("spec", "template"),
            "ReplicaSet", List.of("spec", "template"),
            "ReplicationController", List.of("spec", "template"),
            "CronJob", List.of("spec", "jobTemplate", "spec", "template"),
            "PodTemplate", List.of("template"));

    private static final Set<String> PLAYED = Set.of("Pod", "Deployment", "DaemonSet", "Job");
    /** Podman takes these, and they are no reason for a pull. */
    private static final Set<String> PLAYED_WITHOUT_IMAGE = Set.of("Secret", "PersistentVolumeClaim");

    private static final String CLAIM_IMAGE = "volume.podman.io/image";
    private static final int MOST_LISTS = 8;
    /** Aliases can name a list of objects again and again; no real file has so many. */
    private static final int MOST_OBJECTS = 20_000;

    private final String file;
    private final Dialect dialect;
    private final Findings findings;
    private final KubePods pods;
    private final List<String> skipped = new ArrayList<>();
    private boolean played;
    private int objects;

    KubeObjects(String file, Dialect dialect, UnaryOperator<String> images, Findings findings) {
        this.file = file;
        this.dialect = dialect;
        this.findings = findings;
        this.pods = new KubePods(file, dialect, images, findings);
    }

    List<Image> images() {
        return pods.images();
    }

    void read(List<YamlNode> documents) {
        documents.forEach(document -> object(document, 0));
        if (dialect == Dialect.PODMAN && !played) {
            findings.error(
                    ProblemCode.KUBE_KIND,
                    Place.of(file),
                    skipped.isEmpty()
                            ? "has no Kubernetes object"
                            : "has nothing that podman plays, only " + String.join(", ", skipped),
                    "podman kube play takes Pod, Deployment, DaemonSet and Job");
        }
    }

    private void object(YamlNode document, int lists) {
        if (++objects > MOST_OBJECTS) {
            if (objects == MOST_OBJECTS + 1) {
                findings.error(
                        ProblemCode.YAML_SYNTAX,
                        Place.of(file, document.line()),
                        "has more than " + MOST_OBJECTS + " objects",
                        "split the file, or do not repeat lists by aliases");
            }
            return;
        }
        Optional<KubeFields> object = pods.fields(document, "the object");
        if (object.isEmpty()) {
            return;
        }
        String kind = object.get().text("kind").map(Scalar::text).orElse("");
        if (isList(kind) && lists < (dialect == Dialect.PODMAN ? 1 : MOST_LISTS)) {
            object.get().list("items").forEach(item -> object(item, lists + 1));
            return;
        }
        if (dialect == Dialect.PODMAN) {
            if (kind.equals("PersistentVolumeClaim")) {
                claim(object.get());
            }
            if (!PLAYED.contains(kind)) {
                skip(kind, document.line());
                return;
            }
            played = true;
        }
        Optional.ofNullable(PODS.get(kind)).ifPresent(way -> pod(object.get(), way));
    }

    private boolean isList(String kind) {
        return dialect == Dialect.PODMAN ? kind.equals("List") : kind.endsWith("List");
    }

    private void skip(String kind, int line) {
        if (PLAYED_WITHOUT_IMAGE.contains(kind)) {
            played = true;
            return;
        }
        if (skipped.size() < KubePods.MOST_SHOWN) {
            skipped.add(kind.isEmpty() ? "an object without kind" : OptionValues.quoted(kind));
        }
        if (PODS.containsKey(kind)) {
            findings.warning(
                    ProblemCode.KUBE_KIND,
                    Place.of(file, line, "kind"),
                    "podman does not play a " + kind + ": its images are not bound",
                    "make it a Deployment, a DaemonSet or a Job");
        }
    }

    private void pod(KubeFields object, List<String> way) {
        Optional<KubeFields> pod = Optional.of(object);
        for (String field : way) {
            pod = pod.flatMap(fields -> fields.object(field));
        }
        pod.flatMap(fields -> fields.object("spec")).ifPresent(spec -> pods.read(spec, annotations(object)));
    }

    /** A map, so its keys are exact. */
    private static Map<String, YamlNode> annotations(KubeFields object) {
        return object.object("metadata")
                .flatMap(metadata -> metadata.object("annotations"))
                .map(KubeFields::values)
                .orElse(Map.of());
    }

    private void claim(KubeFields object) {
        if (annotations(object).get(CLAIM_IMAGE) instanceof Scalar image) {
            pods.named(image, CLAIM_IMAGE, Use.CLAIM);
        }
    }
}
