package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.QuadletService.Named;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the images in the command line that Quadlet makes of one unit, {@code podman-systemd.unit(5)}, and why it makes none. */
final class QuadletConverter {
    private final QuadletUnit unit;
    private final QuadletServices services;
    private final QuadletRejections rejections;
    private final QuadletChecks checks;
    private final List<Named> images = new ArrayList<>();
    private final List<Assignment> manifests = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();

    QuadletConverter(QuadletUnit unit, QuadletServices services) {
        this.unit = unit;
        this.services = services;
        this.rejections = new QuadletRejections(unit);
        this.checks = new QuadletChecks(unit, services, rejections);
    }

    QuadletService convert() {
        tellUnknownKeys(unit.type().section(), QuadletKeys.of(unit.type(), unit.version()));
        tellUnknownKeys("Quadlet", QuadletKeys.COMMON);
        checks.dependencies();
        switch (unit.type()) {
            case IMAGE -> image();
            case ARTIFACT -> artifact();
            case VOLUME -> volume();
            case NETWORK -> checks.subnets();
            case BUILD -> build();
            case CONTAINER -> container();
            case KUBE -> kube();
            case POD -> pod();
        }
        return new QuadletService(unit, images, manifests, volumes, rejections.all());
    }

    private void tellUnknownKeys(String section, List<String> known) {
        Set<String> told = new HashSet<>();
        for (Assignment assignment : unit.section(section)) {
            if (!known.contains(assignment.key()) && told.add(assignment.key())) {
                boolean newer = QuadletKeys.isNewer(unit.type(), assignment.key());
                rejections.add(
                        ProblemCode.QUADLET_UNKNOWN_KEY,
                        assignment,
                        "is not a key of [" + section + "]" + (newer ? " for podman " + unit.version() : "")
                                + ", so Quadlet rejects the unit",
                        OptionValues.nearest(assignment.key(), known)
                                .filter(near -> !newer)
                                .map(near -> "did you mean " + near + "?")
                                .orElse(newer ? "remove it, or put a newer podman into the image" : "remove it"));
            }
        }
    }

    private void image() {
        Optional<Assignment> image = unit.value("Image");
        if (image.isEmpty()) {
            rejections.lacks(ProblemCode.QUADLET_NO_IMAGE, "has no Image= in [Image]", "name the image to fetch");
        }
        image.ifPresent(at -> images.add(new Named(Kind.IMAGE, at.value(), at, Optional.empty())));
    }

    private void artifact() {
        Optional<Assignment> artifact = unit.value("Artifact");
        if (artifact.isEmpty()) {
            rejections.lacks(
                    ProblemCode.QUADLET_NO_IMAGE, "has no Artifact= in [Artifact]", "name the artifact to fetch");
        }
        artifact.ifPresent(at -> images.add(new Named(Kind.ARTIFACT, at.value(), at, Optional.empty())));
    }

    private void volume() {
        Optional<Assignment> driver = unit.last("Driver");
        if (driver.isPresent() && driver.get().value().equals("image")) {
            Optional<Assignment> image = unit.last("Image");
            if (image.isEmpty()) {
                rejections.add(
                        ProblemCode.QUADLET_NO_IMAGE,
                        driver.get(),
                        "needs Image= too, so Quadlet rejects the unit",
                        "name the image of the volume");
            }
            image.ifPresent(at -> resolve(Kind.VOLUME, at));
            return;
        }
        if (unit.value("Device").isEmpty()) {
            for (String key : List.of("Type", "Options")) {
                unit.value(key).ifPresent(at -> rejections.value(at, "needs Device=", "set Device= or remove this"));
            }
        }
    }

    private void build() {
        if (services.resource(unit).isEmpty()) {
            rejections.lacks(
                    ProblemCode.QUADLET_NO_IMAGE, "has no ImageTag= in [Build]", "name the image that is built");
        }
        checks.networks();
        storage();
        checks.buildContext();
    }

    private void container() {
        Optional<Assignment> image = unit.value("Image");
        Optional<Assignment> rootfs = unit.value("Rootfs");
        if (image.isPresent() && rootfs.isPresent()) {
            rejections.add(
                    ProblemCode.QUADLET_ROOTFS,
                    rootfs.get(),
                    "stands beside Image=, so Quadlet rejects the unit",
                    "keep one of the two");
        } else if (image.isEmpty() && rootfs.isEmpty()) {
            rejections.lacks(ProblemCode.QUADLET_NO_IMAGE, "has no Image= in [Container]", "name the image to run");
        }
        image.ifPresent(at -> resolve(Kind.CONTAINER, at));
        checks.killMode();
        checks.reload();
        checks.networks();
        checks.serviceType();
        checks.user();
        new QuadletIdMaps(unit, rejections).check(true);
        storage();
        checks.exposedPorts();
        unit.arguments("Mount").forEach(this::mount);
        checks.pod();
    }

    private void kube() {
        List<Assignment> yaml = unit.version().hasSeveralYaml()
                ? unit.words(unit.type().section(), "Yaml")
                : unit.value("Yaml").stream().toList();
        if (yaml.isEmpty()) {
            rejections.lacks(ProblemCode.QUADLET_NO_IMAGE, "has no Yaml= in [Kube]", "name the manifest to play");
        }
        yaml.forEach(path -> manifests.add(path.with(QuadletPaths.absolute(unit, path.value()))));
        checks.killMode();
        checks.serviceType();
        new QuadletIdMaps(unit, rejections).check(false);
        checks.networks();
        checks.workingDirectory();
    }

    private void pod() {
        new QuadletIdMaps(unit, rejections).check(true);
        checks.networks();
        storage();
    }

    /** An image, or the name of a unit that makes one; a built image's name can be that of an {@code .image} unit once more. */
    private void resolve(Kind kind, Assignment at) {
        String text = at.value();
        Optional<QuadletUnit> via = Optional.empty();
        for (String ending : List.of(".build", ".image")) {
            if (text.endsWith(ending)) {
                Optional<QuadletUnit> named = services.unit(text);
                if (named.isEmpty()) {
                    rejections.missing(at, text);
                    return;
                }
                via = named;
                text = services.resource(named.get());
            }
        }
        images.add(new Named(kind, text, at, via));
    }

    /** {@code Volume=}: images are not meant by it, but volumes and, since there are some, artifacts. */
    private void storage() {
        for (Assignment volume : unit.all("Volume")) {
            int colon = volume.value().indexOf(':');
            if (colon > 0) {
                source(volume, volume.value().substring(0, colon), "volume");
            }
        }
    }

    private void mount(Assignment at) {
        switch (QuadletMount.parse(at.value(), unit.version())) {
            case QuadletMount.Malformed malformed -> rejections.value(at, malformed.message(), malformed.hint());
            case QuadletMount.Mount mount -> {
                boolean resolved = QuadletMount.RESOLVED.contains(mount.type())
                        && (!mount.type().equals("artifact") || unit.version().hasArtifacts());
                if (resolved) {
                    source(at, mount.source(), mount.type());
                } else if (mount.type().equals("artifact")) {
                    images.add(new Named(Kind.ARTIFACT, mount.source(), at, Optional.empty()));
                }
            }
        }
    }

    /** Where something that is mounted comes from: a path, a unit, or a name. */
    private void source(Assignment at, String source, String type) {
        Kind kind = type.equals("artifact") ? Kind.ARTIFACT : Kind.MOUNT;
        boolean isFetched = type.equals("image") || type.equals("artifact");
        Optional<QuadletType> named = QuadletType.of(source)
                .filter(referred -> isReferred(referred, at))
                .filter(referred -> !source.startsWith("/") && !source.startsWith("."));
        if (named.isEmpty()) {
            if (isFetched && !source.isEmpty()) {
                images.add(new Named(
                        kind,
                        source.startsWith(".") ? QuadletPaths.absolute(unit, source) : source,
                        at,
                        Optional.empty()));
            }
            return;
        }
        Optional<QuadletUnit> referred = services.unit(source);
        if (referred.isEmpty()) {
            rejections.missing(at, source);
        } else if (isFetched) {
            images.add(new Named(kind, services.resource(referred.get()), at, referred));
        } else if (named.get() == QuadletType.VOLUME) {
            volumes.add(source);
        }
    }

    private boolean isReferred(QuadletType type, Assignment at) {
        return switch (type) {
            case VOLUME -> true;
            case IMAGE -> at.key().equals("Mount");
            case ARTIFACT -> unit.version().hasArtifacts();
            case NETWORK, BUILD, CONTAINER, KUBE, POD -> false;
        };
    }
}
