package dev.lockstep.manifest;

import dev.lockstep.manifest.ImageRenames.Rename;
import dev.lockstep.manifest.KubeManifest.Dialect;
import dev.lockstep.manifest.YamlNode.Mapping;
import dev.lockstep.manifest.YamlNode.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows kustomizations as far as images go: {@code resources}, {@code bases} and {@code components} that are files of the root, and
 * {@code images}. What else could change an image, such as a patch that names one, is an error, because what is applied is not known then.
 */
final class Kustomizations {
    private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    /** Programs or charts make the resources, which the root alone does not tell. */
    private static final List<String> UNKNOWABLE =
            List.of("generators", "transformers", "helmCharts", "helmChartInflationGenerator");

    private static final List<String> PATCHES =
            List.of("patches", "patchesStrategicMerge", "patchesJson6902", "replacements");
    private static final String IN_TOML = "bind its images in a file of /usr/lib/lockstep/bound-images";
    private static final int MOST_FILES = 5_000;

    private final RootTree root;
    private final Findings findings;
    private final QuadletFiles files;
    /** Directories on the way to the one that is read. */
    private final Set<String> way = new LinkedHashSet<>();

    private int read;

    Kustomizations(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.files = new QuadletFiles(root, findings);
    }

    /** Binds what a directory's kustomization applies; without one nothing is. */
    void apply(String directory) {
        for (String name : NAMES) {
            if (isThere(directory + "/" + name)) {
                kustomization(directory, directory + "/" + name, ImageRenames.NONE);
                return;
            }
        }
    }

    private boolean isThere(String path) {
        try {
            return root.exists(path);
        } catch (IOException e) {
            // There is something; what it is is told when it is read.
            return true;
        }
    }

    private void kustomization(String directory, String file, ImageRenames outer) {
        if (!way.add(directory)) {
            error(Place.of(file), "takes itself in, by way of " + String.join(", ", way), "remove the circle");
            return;
        }
        for (YamlNode document : documents(file)) {
            if (document instanceof Mapping mapping) {
                follow(directory, new KubeFields(file, mapping, Dialect.KUBERNETES, findings), outer);
            } else {
                error(
                        Place.of(file, document.line()),
                        "is not a kustomization",
                        "write resources: and a list of files");
            }
        }
        way.remove(directory);
    }

    private List<YamlNode> documents(String file) {
        Optional<String> text = files.bytes(file).flatMap(Names::text);
        if (text.isEmpty()) {
            return List.of();
        }
        return switch (YamlDocuments.parse(text.get())) {
            case YamlDocuments.Good good -> good.documents();
            case YamlDocuments.Malformed malformed -> {
                findings.error(
                        ProblemCode.YAML_SYNTAX,
                        Place.of(file, malformed.line()),
                        malformed.message(),
                        "mend the file");
                yield List.of();
            }
        };
    }

    private void follow(String directory, KubeFields fields, ImageRenames outer) {
        for (String key : UNKNOWABLE) {
            fields.value(key)
                    .ifPresent(value -> error(
                            Place.of(fields.file(), value.line(), key),
                            "makes resources in a way that the root alone does not tell",
                            "put the finished manifests into the root, or " + IN_TOML));
        }
        for (String key : PATCHES) {
            fields.list(key).forEach(patch -> patch(directory, fields.file(), key, patch));
        }
        ImageRenames renames = renames(fields).then(outer);
        for (String key : List.of("resources", "bases", "components")) {
            for (YamlNode node : fields.list(key)) {
                if (node instanceof Scalar resource) {
                    resource(directory, resource, Place.of(fields.file(), node.line(), key), renames);
                } else {
                    error(Place.of(fields.file(), node.line(), key), "is not a list of files", "name a file a line");
                }
            }
        }
    }

    private ImageRenames renames(KubeFields fields) {
        List<Rename> renames = new ArrayList<>();
        for (YamlNode node : fields.list("images")) {
            if (node instanceof Mapping mapping) {
                KubeFields image = new KubeFields(fields.file(), mapping, Dialect.KUBERNETES, findings);
                text(image, "name")
                        .ifPresent(name -> renames.add(new Rename(
                                name,
                                text(image, "newName"),
                                text(image, "newTag"),
                                text(image, "tagSuffix"),
                                text(image, "digest"))));
            } else {
                error(Place.of(fields.file(), node.line(), "images"), "is not a mapping", "write name: and newTag:");
            }
        }
        return new ImageRenames(renames);
    }

    private static Optional<String> text(KubeFields fields, String name) {
        return fields.text(name).map(Scalar::text).filter(text -> !text.isEmpty());
    }

    private void resource(String directory, Scalar resource, Place place, ImageRenames renames) {
        if (++read > MOST_FILES) {
            error(place, "takes in more than " + MOST_FILES + " files", "take each in once");
            return;
        }
        Optional<String> path = path(directory, resource.text());
        if (path.isEmpty()) {
            error(
                    place,
                    OptionValues.quoted(resource.text())
                            + " is fetched when the host runs, so its images are not known",
                    "put the manifest into the root");
            return;
        }
        switch (kind(path.get(), place)) {
            case DIRECTORY ->
                NAMES.stream()
                        .map(name -> path.get() + "/" + name)
                        .filter(this::isThere)
                        .findFirst()
                        .ifPresentOrElse(
                                file -> kustomization(path.get(), file, renames),
                                () -> error(place, path.get() + " has no kustomization.yaml", "name the files in it"));
            case REGULAR -> manifest(path.get(), renames);
            case LINK, OTHER ->
                error(
                        place,
                        OptionValues.quoted(resource.text()) + " leads to nothing that can be read",
                        "mend or remove it");
        }
    }

    private void manifest(String file, ImageRenames renames) {
        files.bytes(file).ifPresent(bytes -> {
            KubeManifest manifest =
                    KubeManifest.parse(file, bytes, Dialect.KUBERNETES, renames::apply, findings.aside());
            findings.tell(manifest.problems());
            manifest.images()
                    .forEach(image -> findings.bind(MicroShiftManifests.bound(image.reference(), file, image.line())));
        });
    }

    /** What a path leads to; {@link FileKind#OTHER} when that is nothing. */
    private FileKind kind(String path, Place place) {
        try {
            return root.kind(path).orElse(FileKind.OTHER);
        } catch (IOException e) {
            error(place, Findings.words(e), "mend or remove it");
            return FileKind.OTHER;
        }
    }

    /** The absolute path of a resource, without {@code ..}; empty for what is not a file of the root. */
    private static Optional<String> path(String directory, String resource) {
        boolean remote = resource.contains("://")
                || resource.contains("?ref=")
                || resource.startsWith("git@")
                || resource.startsWith("github.com/")
                || resource.indexOf('\0') >= 0;
        if (remote || resource.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        String whole = resource.startsWith("/") ? resource : directory + "/" + resource;
        for (String part : whole.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.removeLast();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return Optional.of("/" + String.join("/", parts));
    }

    /** A patch is the name of a file, a text, or a mapping that has one of them in a field; a replacement has neither. */
    private void patch(String directory, String file, String key, YamlNode patch) {
        Place place = Place.of(file, patch.line(), key);
        if (patch instanceof Mapping mapping) {
            patchText(directory, mapping.values().get("path"), place);
            patchText(directory, mapping.values().get("patch"), place);
            new YamlSearch(place).imageFields(List.of(patch)).ifPresent(this::tellPatch);
        } else {
            patchText(directory, patch, place);
        }
    }

    private void patchText(String directory, @Nullable YamlNode node, Place place) {
        if (!(node instanceof Scalar scalar)) {
            return;
        }
        if (scalar.text().indexOf('\n') >= 0
                || scalar.text().startsWith("{")
                || scalar.text().startsWith("[")) {
            if (YamlDocuments.parse(scalar.text()) instanceof YamlDocuments.Good good) {
                new YamlSearch(place).imageFields(good.documents()).ifPresent(this::tellPatch);
            }
            return;
        }
        path(directory, scalar.text())
                .filter(this::isThere)
                .ifPresent(file -> new YamlSearch(Place.of(file))
                        .imageFields(documents(file))
                        .ifPresent(this::tellPatch));
    }

    private void tellPatch(Place place) {
        error(place, "patches an image, which is not followed", "change it by images: with newName, newTag or digest");
    }

    private void error(Place place, String message, String hint) {
        findings.error(ProblemCode.KUSTOMIZATION, place, message, hint);
    }
}
