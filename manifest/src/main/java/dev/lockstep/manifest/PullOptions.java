package dev.lockstep.manifest;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an image is fetched: the options of a Quadlet {@code .image} file or of an {@code [[image]]} table that change what a pull does.
 * Paths are absolute paths inside the root that binds the image, never paths of the running host.
 *
 * @param authFile registry credentials, {@code containers-auth.json(5)}
 * @param tlsVerify whether certificates are checked; empty leaves it to {@code containers-registries.conf(5)}
 * @param architecture as {@code podman pull --arch}
 * @param operatingSystem as {@code podman pull --os}
 * @param variant as {@code podman pull --variant}
 * @param certificateDirectory client certificates and keys, as {@code podman pull --cert-dir}
 * @param decryptionKey as {@code podman pull --decryption-key}
 * @param signaturePolicy a {@code containers-policy.json(5)} for this image alone
 * @param retries how often a failed pull is tried again; empty is our default
 * @param retryDelay the wait between two tries; empty is our default
 */
public record PullOptions(
        Optional<String> authFile,
        Optional<Boolean> tlsVerify,
        Optional<String> architecture,
        Optional<String> operatingSystem,
        Optional<String> variant,
        Optional<String> certificateDirectory,
        Optional<String> decryptionKey,
        Optional<String> signaturePolicy,
        OptionalInt retries,
        Optional<Duration> retryDelay) {

    /** Fetched as podman does by default. */
    public static final PullOptions DEFAULT = new PullOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());
}
