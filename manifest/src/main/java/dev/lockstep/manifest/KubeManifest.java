package dev.lockstep.manifest;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The images of a file of Kubernetes objects (YAML with any number of documents, or JSON).
 *
 * @param images in the order of the file; one that is named twice is here twice
 * @param problems all of them, in the order of the lines; when one is an error the images are not complete
 */
record KubeManifest(List<Image> images, List<Problem> problems) {

    KubeManifest {
        images = List.copyOf(images);
        problems = List.copyOf(problems);
    }

    /** Who runs the objects, and so which kinds have images and how names of fields are compared. */
    enum Dialect {
        /**
         * {@code podman kube play} (5.3 and later): Pod, Deployment, DaemonSet and Job have images, and so has the annotation of a
         * PersistentVolumeClaim; other kinds are skipped. Names of fields are compared without regard to case, as Go's JSON reader does.
         */
        PODMAN,
        /** A Kubernetes cluster: every kind that has a pod template. Names of fields are compared exactly. */
        KUBERNETES
    }

    /** What an image is for. */
    enum Use {
        /** A container runs from it. */
        CONTAINER,
        /** A container that runs before the others does. */
        INIT_CONTAINER,
        /** {@code volumes[].image.reference}: podman pulls it, and mounts it from its primary store alone. */
        IMAGE_VOLUME,
        /** The annotation {@code volume.podman.io/image} of a claim: podman wants it here and never pulls it. */
        CLAIM,
        /** The annotation {@code io.podman.annotations.kube.image.volumes.mount/NAME}: as {@link #CLAIM}. */
        MOUNT_ANNOTATION;

        /** Whether podman mounts the image as a volume, which it can from its primary store alone. */
        boolean isMount() {
            return this == IMAGE_VOLUME || this == CLAIM || this == MOUNT_ANNOTATION;
        }
    }

    /** When the registry is asked as a container starts, defaults filled in. */
    enum PullPolicy {
        /** Always; without the registry the container does not start. */
        ALWAYS,
        /** Always; without the registry what is here is taken. */
        NEWER,
        /** When the image is not here. */
        MISSING,
        /** Never. */
        NEVER
    }

    /**
     * An image that an object names.
     *
     * @param key the field or annotation that names it
     * @param line 1-based, where the reference stands
     */
    record Image(ImageReference reference, Use use, PullPolicy policy, String key, int line) {}

    /**
     * Reads a file's content; never throws, whatever it holds.
     *
     * @param file absolute path inside the root, for the problems
     */
    static KubeManifest parse(String file, byte[] content, Dialect dialect) {
        return parse(file, content, dialect, UnaryOperator.identity(), new Findings());
    }

    /**
     * The same for a file of a root, which knows what its short names may mean.
     *
     * @param images what becomes of the image of a container as it is written
     * @param findings with nothing found yet
     */
    static KubeManifest parse(
            String file, byte[] content, Dialect dialect, UnaryOperator<String> images, Findings findings) {
        Optional<String> text = Names.text(content);
        if (text.isEmpty()) {
            findings.error(ProblemCode.YAML_SYNTAX, Place.of(file), "is not UTF-8", "write the file in UTF-8");
            return new KubeManifest(List.of(), findings.summary().problems());
        }
        return switch (YamlDocuments.parse(text.get())) {
            case YamlDocuments.Good good -> {
                KubeObjects objects = new KubeObjects(file, dialect, images, findings);
                objects.read(good.documents());
                yield new KubeManifest(objects.images(), findings.summary().problems());
            }
            case YamlDocuments.Malformed malformed -> {
                findings.error(
                        ProblemCode.YAML_SYNTAX,
                        Place.of(file, malformed.line()),
                        malformed.message(),
                        "mend the file: nothing of it can be used");
                yield new KubeManifest(List.of(), findings.summary().problems());
            }
        };
    }
}
