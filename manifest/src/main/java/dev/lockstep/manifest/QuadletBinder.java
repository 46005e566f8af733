package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.BoundImage.Source;
import dev.lockstep.manifest.QuadletService.Named;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Binds the images of a unit, and tells what stands against it. */
final class QuadletBinder {
    private final RootTree root;
    private final QuadletRoot quadlet;
    private final QuadletServices services;
    private final Specifiers specifiers;
    private final Findings findings;

    QuadletBinder(RootTree root, QuadletRoot quadlet, Findings findings) {
        this(root, quadlet, new QuadletServices(quadlet), new Specifiers(root), findings);
    }

    private QuadletBinder(
            RootTree root, QuadletRoot quadlet, QuadletServices services, Specifiers specifiers, Findings findings) {
        this.root = root;
        this.quadlet = quadlet;
        this.services = services;
        this.specifiers = specifiers;
        this.findings = findings;
    }

    /**
     * Binds the images of a unit. One that Quadlet rejects binds nothing; all else that is wrong with it is told too.
     *
     * @param asked whether somebody asked for this very unit: then it is an error when it needs no image
     */
    void bind(QuadletUnit unit, Mode mode, boolean asked) {
        findings.tell(quadlet.problems(unit.path()));
        findings.tell(quadlet.lost(unit.directory()));
        QuadletService service = services.of(unit);
        if (service.isRejected()) {
            tellRejections(service);
            QuadletBinder aside = new QuadletBinder(root, quadlet, services, specifiers, findings.aside());
            aside.bindType(unit, service, mode, false);
            findings.tell(aside.findings.summary().problems());
        } else {
            bindType(unit, service, mode, asked);
        }
    }

    private void bindType(QuadletUnit unit, QuadletService service, Mode mode, boolean asked) {
        if (asked) {
            tellWithoutImage(service);
        }
        switch (unit.type()) {
            case IMAGE, ARTIFACT -> service.images().forEach(image -> bindFetched(unit, unit, image, mode));
            case CONTAINER -> bindContainer(service, mode);
            case VOLUME -> service.images().forEach(image -> bindNamed(unit, image, mode));
            case KUBE -> bindManifests(service, mode);
            case BUILD -> bindBuild(unit, mode);
            case NETWORK, POD ->
                findings.error(
                        ProblemCode.QUADLET_TYPE,
                        Place.of(unit.path()),
                        "is a type of Quadlet file that names no image",
                        "bind .image, .container, .volume, .kube, .build or .artifact files");
        }
    }

    /** A missing unit may be in a directory that Quadlet has lost: the reason for that is the one to mend. */
    private void tellRejections(QuadletService service) {
        findings.tell(service.rejections());
        for (Problem rejection : service.rejections()) {
            if (rejection.code().equals(ProblemCode.QUADLET_NOT_FOUND.name())) {
                findings.tell(quadlet.lost());
            }
        }
    }

    private void tellWithoutImage(QuadletService service) {
        QuadletUnit unit = service.unit();
        if (unit.type() == QuadletType.VOLUME && service.images().isEmpty()) {
            findings.error(
                    ProblemCode.QUADLET_NO_IMAGE,
                    Place.of(unit.path()),
                    "has no Driver=image in [Volume]: there is no image to bind",
                    "do not bind this unit");
        }
        Optional<Assignment> rootfs = unit.type() == QuadletType.CONTAINER ? unit.value("Rootfs") : Optional.empty();
        if (rootfs.isPresent() && service.images().isEmpty()) {
            findings.error(
                    ProblemCode.QUADLET_ROOTFS,
                    rootfs.get().place(),
                    "makes the container run from a directory: there is no image to bind",
                    "do not bind this unit");
        }
    }

    private void bindContainer(QuadletService service, Mode mode) {
        QuadletUnit unit = service.unit();
        tellOperands(unit);
        service.images().forEach(image -> bindNamed(unit, image, mode));
        for (String volume : service.volumes()) {
            services.unit(volume).ifPresent(named -> {
                tellRejections(services.of(named));
                services.of(named).images().forEach(image -> bindNamed(named, image, mode));
            });
        }
    }

    /** A word that podman takes for the image, before the one that Quadlet puts there. */
    private void tellOperands(QuadletUnit unit) {
        List<Assignment> arguments = unit.arguments("PodmanArgs");
        PodmanWords.run(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(PodmanWords.Word::isOperand)
                .findFirst()
                .ifPresent(word -> findings.error(
                        ProblemCode.QUADLET_ARGUMENT,
                        arguments.getFirst().place(),
                        "has the word " + OptionValues.quoted(word.value())
                                + ", which podman takes for the image to run instead of the one in Image=",
                        "write options as --option=value, and the command with Exec="));
    }

    private void bindNamed(QuadletUnit unit, Named image, Mode mode) {
        if (image.via().isEmpty()) {
            QuadletValues values = new QuadletValues(unit, specifiers, findings);
            reference(values, image)
                    .ifPresent(reference -> bind(
                            reference,
                            mode,
                            new QuadletOptions(values).ofRun(reference),
                            source(unit, image, List.of())));
            return;
        }
        QuadletUnit via = image.via().get();
        tellRejections(services.of(via));
        if (via.type() == QuadletType.BUILD) {
            if (!services.of(via).isRejected()) {
                bindBuild(via, mode);
            }
        } else {
            via.value("ImageTag").ifPresent(this::tellImageTag);
            services.of(via).images().forEach(fetched -> bindFetched(unit, via, fetched, mode, image));
        }
    }

    private void bindFetched(QuadletUnit unit, QuadletUnit via, Named fetched, Mode mode) {
        bindFetched(unit, via, fetched, mode, fetched);
    }

    /** Binds what a unit fetches for the one that names it. */
    private void bindFetched(QuadletUnit unit, QuadletUnit via, Named fetched, Mode mode, Named named) {
        QuadletValues values = new QuadletValues(via, specifiers, findings);
        Optional<ImageReference> image = reference(values, fetched);
        PullOptions options = new QuadletOptions(values).ofImage(image);
        tellMoreImages(values);
        image.ifPresent(reference -> bind(
                reference,
                mode,
                Optional.of(options),
                source(unit, named, QuadletPull.of(via, fetched).shown())));
    }

    private void tellMoreImages(QuadletValues values) {
        List<Assignment> arguments = values.unit().arguments("PodmanArgs");
        PodmanWords.pull(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(PodmanWords.Word::isOperand)
                .findFirst()
                .ifPresent(word -> values.error(
                        ProblemCode.QUADLET_ARGUMENT,
                        arguments.getFirst(),
                        "has the word " + OptionValues.quoted(word.value()) + ", which podman takes for one more image",
                        "fetch it with a file of its own, and write options as --option=value"));
    }

    private Optional<ImageReference> reference(QuadletValues values, Named image) {
        Assignment at = image.at().with(image.text());
        boolean isPart = image.kind() == Kind.MOUNT
                || image.kind() == Kind.VOLUME
                || at.key().equals("Mount");
        return (isPart ? values.expandedInside(at) : values.expanded(at))
                .flatMap(text -> values.reference(image.at(), text));
    }

    private void bind(ImageReference reference, Mode mode, Optional<PullOptions> pull, Source source) {
        if (source.kind() == Kind.ARTIFACT) {
            tellArtifact(reference, source);
        }
        findings.bind(new Binding(reference, mode, pull, source));
    }

    private void tellArtifact(ImageReference reference, Source source) {
        findings.error(
                ProblemCode.QUADLET_ARTIFACT,
                Place.of(source.file(), source.line()),
                reference + " is an artifact: podman keeps it in its primary store, where nothing is brought before"
                        + " the boot",
                "put what it holds into the root, or leave the unit to fetch it when it starts (Bound=false in"
                        + " [X-Lockstep])");
    }

    private static Source source(QuadletUnit unit, Named named, List<String> argv) {
        boolean primaryOnly = named.kind() == Kind.MOUNT || named.kind() == Kind.ARTIFACT;
        return new Source(named.at().file(), named.at().line(), named.kind(), QuadletUse.of(unit, primaryOnly, argv));
    }

    private void bindManifests(QuadletService service, Mode mode) {
        QuadletUnit unit = service.unit();
        QuadletValues values = new QuadletValues(unit, specifiers, findings);
        for (Assignment yaml : service.manifests()) {
            values.expanded(yaml).ifPresent(path -> bindManifest(values, yaml, path, mode));
        }
    }

    private void bindManifest(QuadletValues values, Assignment yaml, String path, Mode mode) {
        if (isMissing(path)) {
            findings.error(
                    ProblemCode.FILE_UNREADABLE,
                    yaml.place(),
                    "leads to " + OptionValues.quoted(path) + ", which the root does not have",
                    "name a file of the root: what is fetched when the unit starts cannot be bound");
            return;
        }
        new QuadletFiles(root, findings).bytes(path).ifPresent(bytes -> {
            KubeManifest manifest = KubeManifest.parse(
                    path, bytes, KubeManifest.Dialect.PODMAN, UnaryOperator.identity(), findings.aside());
            findings.tell(manifest.problems());
            for (KubeManifest.Image image : manifest.images()) {
                ImageUse use = QuadletUse.of(values.unit(), image.use().isMount(), List.of());
                bind(
                        image.reference(),
                        mode,
                        new QuadletOptions(values).ofRun(image.reference()),
                        new Source(path, image.line(), Kind.KUBE, use));
            }
        });
    }

    private boolean isMissing(String path) {
        try {
            return root.kind(path).isEmpty();
        } catch (IOException e) {
            // There is something; what it is the reader tells.
            return false;
        }
    }

    /** What is built on the host needs the images that it is built from. */
    private void bindBuild(QuadletUnit unit, Mode mode) {
        new QuadletBuild(root, quadlet, specifiers, findings).bind(unit, mode);
    }

    private void tellImageTag(Assignment tag) {
        findings.warning(
                ProblemCode.QUADLET_IGNORED_KEY,
                tag.place(),
                "makes containers look for another name than the one that is bound",
                "remove it: it is meant for images of an archive");
    }
}
