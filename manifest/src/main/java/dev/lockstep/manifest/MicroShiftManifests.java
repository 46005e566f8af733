package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.BoundImage.Source;
import dev.lockstep.manifest.YamlNode.Mapping;
import dev.lockstep.manifest.YamlNode.Scalar;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Binds what a root's MicroShift runs: the images of its release, and those of the manifests that it applies at each start. Of the directories
 * it applies those that have a kustomization, of which only the resources count.
 */
final class MicroShiftManifests {
    private static final List<String> DIRECTORIES =
            List.of("/usr/lib/microshift/manifests", "/etc/microshift/manifests");
    private static final String RELEASES = "/usr/share/microshift/release";
    /** How the names of releases end, and systemd's name of the architecture. */
    private static final Map<String, String> ARCHITECTURES = Map.of(
            "-x86_64.json", "x86-64",
            "-aarch64.json", "arm64",
            "-ppc64le.json", "ppc64-le",
            "-s390x.json", "s390x");

    private final RootTree root;
    private final Findings findings;
    private final Kustomizations kustomizations;

    MicroShiftManifests(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.kustomizations = new Kustomizations(root, findings);
    }

    /** Binds the images of the release first, then those of {@code /usr}, then those of {@code /etc}. */
    void read() {
        DirectoryNames.of(root, RELEASES, findings).stream()
                .filter(name -> name.endsWith(".json"))
                .filter(this::isOfRoot)
                .forEach(name -> release(RELEASES + "/" + name));
        for (String directory : DIRECTORIES) {
            apply(directory);
            String several = directory + ".d";
            DirectoryNames.of(root, several, findings).stream()
                    .filter(name -> !name.startsWith("."))
                    .map(name -> several + "/" + name)
                    .filter(this::isDirectory)
                    .forEach(this::apply);
        }
    }

    private void apply(String directory) {
        if (isDirectory(directory)) {
            kustomizations.apply(directory);
        }
    }

    private boolean isDirectory(String path) {
        try {
            return root.kind(path).filter(FileKind.DIRECTORY::equals).isPresent();
        } catch (IOException e) {
            findings.error(
                    ProblemCode.FILE_UNREADABLE,
                    Place.of(path),
                    Findings.words(e),
                    "MicroShift reads it: mend or remove it");
            return false;
        }
    }

    /** A release of another architecture is not run; which one a root has is not always known. */
    private boolean isOfRoot(String name) {
        Set<String> named = ARCHITECTURES.keySet();
        Optional<String> architecture =
                named.stream().filter(name::endsWith).findFirst().map(ARCHITECTURES::get);
        Optional<String> own = ProgramArchitecture.of(root);
        return architecture.isEmpty() || own.isEmpty() || architecture.equals(own);
    }

    private void release(String file) {
        new QuadletFiles(root, findings).bytes(file).flatMap(Names::text).ifPresent(text -> {
            switch (YamlDocuments.parse(text)) {
                case YamlDocuments.Malformed malformed ->
                    findings.error(
                            ProblemCode.YAML_SYNTAX,
                            Place.of(file, malformed.line()),
                            malformed.message(),
                            "install the release again");
                case YamlDocuments.Good good -> good.documents().forEach(document -> images(file, document));
            }
        });
    }

    private void images(String file, YamlNode document) {
        if (!(document instanceof Mapping release && release.values().get("images") instanceof Mapping images)) {
            findings.error(
                    ProblemCode.KUBE_VALUE,
                    Place.of(file, document.line()),
                    "has no images",
                    "install the release again");
            return;
        }
        images.values().forEach((name, image) -> {
            if (image instanceof Scalar scalar) {
                findings.reference(scalar.text(), Place.of(file, scalar.line(), name))
                        .ifPresent(reference -> findings.bind(bound(reference, file, scalar.line())));
            } else {
                findings.error(
                        ProblemCode.KUBE_VALUE,
                        Place.of(file, image.line(), name),
                        "is no image reference",
                        "install the release again");
            }
        });
    }

    /** A binding of what a cluster fetches by itself, with its own options. */
    static Binding bound(ImageReference reference, String file, int line) {
        return new Binding(reference, Mode.BIND, Optional.empty(), new Source(file, line, Kind.MANIFEST));
    }
}
