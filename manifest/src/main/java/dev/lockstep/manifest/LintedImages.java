package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Warns of references that mean another image tomorrow, and of images that the one who names them will not find. */
final class LintedImages {
    static final String STORE = "/run/lockstep/store";
    private static final String IN_CONFIGURATION = "put additionalimagestores = [\"" + STORE
            + "\"] below [storage.options] into the image's /usr/share/containers/storage.conf";

    private final RootTree root;
    private final Findings findings;
    private final Placements placements;
    private final Set<String> manifests = new HashSet<>();

    LintedImages(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.placements = new Placements(root);
    }

    void check(BoundImage image) {
        for (Source source : image.sources()) {
            Place place = Place.of(source.file(), source.line());
            checkReference(image.reference(), place);
            checkStore(source, place);
            if (source.kind() == Kind.KUBE && manifests.add(source.file())) {
                checkManifest(source.file());
            }
        }
    }

    private void checkReference(ImageReference reference, Place place) {
        if (reference.digest().isPresent()) {
            return;
        }
        boolean floats = reference.tag().filter("latest"::equals).isPresent();
        findings.warning(
                floats ? ProblemCode.LINT_FLOATING_TAG : ProblemCode.LINT_NO_DIGEST,
                place,
                reference
                        + (floats
                                ? " is a tag that is meant to move: which image a deployment gets depends on when it is staged"
                                : " is bound by a tag: its registry may give another image tomorrow"),
                "add its digest: " + reference.name() + "@sha256:…, or run lockstep lint --fix-dropins --digests");
    }

    private void checkStore(Source source, Place place) {
        if (source.kind() == Kind.TOML || source.kind() == Kind.ARTIFACT) {
            return;
        }
        if (source.use().primaryOnly()) {
            findings.warning(
                    ProblemCode.LINT_PRIMARY_STORE,
                    place,
                    "is mounted by podman from its primary store alone, where a prune can reach it",
                    "nothing, when that is known; a volume with Driver=image is read from our store");
            return;
        }
        switch (placements.of(source.use())) {
            case LOCKSTEP -> {}
            case BOOTC ->
                findings.warning(
                        ProblemCode.LINT_BOOTC_STORE,
                        place,
                        "is looked for in bootc's store, which bootc alone fills",
                        "name " + STORE + " beside it, for hosts on which Lockstep brings the images");
            case PRIMARY -> warnOfStore(source.use().stores(), place);
        }
    }

    private void warnOfStore(ImageUse.Stores stores, Place place) {
        Optional<String> own = stores.imageStore().or(stores::graphRoot);
        if (own.isPresent()) {
            findings.warning(
                    ProblemCode.LINT_STORE,
                    place,
                    "is looked for in the unit's own store (" + OptionValues.cut(own.get()) + "), where nobody puts it",
                    "add --storage-opt=additionalimagestore=" + STORE + " beside it, or remove it");
            return;
        }
        List<String> looked = placements.additional(stores);
        boolean overridden =
                !stores.additional().isEmpty() || !stores.environment().isEmpty();
        findings.warning(
                ProblemCode.LINT_STORE,
                place,
                "is looked for in podman's own store"
                        + (looked.isEmpty() ? "" : " and in " + String.join(", ", looked))
                        + ", and a deployment's images are in none of these",
                overridden
                        ? "name " + STORE + " there too: options and variables take the place of storage.conf"
                        : IN_CONFIGURATION + ", or run lockstep lint --fix-dropins");
    }

    private void checkManifest(String file) {
        new QuadletFiles(root, findings)
                .bytes(file)
                .ifPresent(bytes -> KubeManifest.parse(file, bytes, KubeManifest.Dialect.PODMAN).images().stream()
                        .filter(image -> image.policy() == KubeManifest.PullPolicy.ALWAYS
                                || image.policy() == KubeManifest.PullPolicy.NEWER)
                        .forEach(image -> findings.warning(
                                ProblemCode.LINT_PULL,
                                Place.of(file, image.line(), image.key()),
                                "is asked for at its registry whenever the unit starts, and may be replaced then",
                                "write imagePullPolicy: IfNotPresent, and a tag other than latest or a digest")));
    }
}
