package dev.lockstep.manifest;

/** The stable names of everything that can be wrong with what a root binds; {@link Problem#code()} is one of them. */
public enum ProblemCode {
    /** A file that is needed cannot be read, or is not a regular file. */
    FILE_UNREADABLE,
    /** A file is larger than any real one of its kind. */
    FILE_TOO_LARGE,
    /** A name that is not UTF-8 in a directory that is read. */
    FILE_NAME,
    /** An entry of a {@code bound-images.d} directory is not a symbolic link. */
    BOUND_NOT_A_LINK,
    /** A link of a {@code bound-images.d} directory leads to nothing. */
    BOUND_LINK_DANGLING,
    /** A link of a {@code bound-images.d} directory leads to something that is not a file. */
    BOUND_LINK_TYPE,
    /** bootc would fail every upgrade on this entry of its own directory. */
    BOOTC_REFUSES,
    /** A line of a Quadlet file that Quadlet rejects. */
    QUADLET_SYNTAX,
    /** A file that is not of a type of Quadlet file that can be bound. */
    QUADLET_TYPE,
    /** A key that Quadlet does not know: it rejects the unit. */
    QUADLET_UNKNOWN_KEY,
    /** A value, or a missing one, for which Quadlet rejects the unit. */
    QUADLET_REJECTED,
    /** A key that a bound image cannot have. */
    QUADLET_UNSUPPORTED_KEY,
    /** A key that is not followed when the image is fetched; a warning. */
    QUADLET_IGNORED_KEY,
    /** A word of {@code PodmanArgs=} that podman takes for an image. */
    QUADLET_ARGUMENT,
    /** A value that podman would refuse or misread. */
    QUADLET_VALUE,
    /** The unit names no image. */
    QUADLET_NO_IMAGE,
    /** The unit runs from a directory, not from an image. */
    QUADLET_ROOTFS,
    /** An artifact is listed, but cannot be bound. */
    QUADLET_ARTIFACT,
    /** What a build on the host needs cannot be known or fetched beforehand. */
    QUADLET_BUILD,
    /** A Quadlet file that another one refers to is in none of the Quadlet directories. */
    QUADLET_NOT_FOUND,
    /** Quadlet or systemd takes another file instead of the bound one or of what comes of it; a warning. */
    QUADLET_SHADOWED,
    /** A systemd specifier or variable, whose value is known on the running host alone. */
    QUADLET_SPECIFIER,
    /** A directory of drop-ins that cannot be read, or a drop-in that is not read by all who should. */
    QUADLET_DROP_IN,
    /** Text that is not TOML. */
    TOML_SYNTAX,
    /** A key or table that has no meaning. */
    TOML_UNKNOWN_KEY,
    /** A value of the wrong type. */
    TOML_TYPE,
    /** A value of the right type that is not possible. */
    TOML_VALUE,
    /** An {@code [[image]]} table without {@code image}. */
    TOML_NO_IMAGE,
    /** Text that is not YAML, or that is larger or nested deeper than any manifest is. */
    YAML_SYNTAX,
    /** A field of a Kubernetes manifest has the wrong type or a value that is refused. */
    KUBE_VALUE,
    /** A container or an image volume of a Kubernetes manifest names no image. */
    KUBE_NO_IMAGE,
    /** A kind of object that podman does not play. */
    KUBE_KIND,
    /** Something in a kustomization that cannot be followed, so that the images that it applies are not known. */
    KUSTOMIZATION,
    /** Not a fully qualified image reference of a registry. */
    IMAGE_REFERENCE,
    /** One reference is bound twice with different pull options. */
    PULL_OPTIONS_DIFFER,
    /** A warning of {@link Lint}: a tag that is meant to move. */
    LINT_FLOATING_TAG,
    /** A warning of {@link Lint}: a reference without a digest means another image tomorrow. */
    LINT_NO_DIGEST,
    /** A warning of {@link Lint}: the registry is asked when the unit starts. */
    LINT_PULL,
    /** A warning of {@link Lint}: the image is replaced between two upgrades. */
    LINT_AUTO_UPDATE,
    /** A warning of {@link Lint}: the unit looks in no store that has the image. */
    LINT_STORE,
    /** A warning of {@link Lint}: the unit looks in bootc's store, which Lockstep does not fill. */
    LINT_BOOTC_STORE,
    /** A warning of {@link Lint}: podman mounts the image from its primary store alone. */
    LINT_PRIMARY_STORE,
    /** A warning of {@link Lint}: credentials are made when the unit starts, which is after the image is fetched. */
    LINT_TOKEN,
    /** A warning of {@link Lint}: a password stands in a file that everybody can read who has the image. */
    LINT_CREDENTIALS,
    /** A warning of {@link Lint}: stock bootc would not take what our own directory binds. */
    LINT_BOOTC,
    /** A warning of {@link Lint}: the root does not say which version of podman reads its Quadlet files. */
    LINT_PODMAN_VERSION
}
