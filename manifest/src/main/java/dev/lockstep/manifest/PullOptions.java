package dev.lockstep.manifest;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;

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
 * @param decryptionKey as {@code podman pull --decryption-key}: a path, and after a colon the passphrase, which is never shown
 * @param signaturePolicy a {@code containers-policy.json(5)} for this image alone
 * @param retries how often a failed pull is tried again; empty is our default
 * @param retryDelay the wait between two tries; empty is our default
 * @param credentials as {@code podman pull --creds}; they take precedence over those in {@code authFile}
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
        Optional<Duration> retryDelay,
        Optional<Credentials> credentials) {

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
            Optional.empty(),
            Optional.empty());

    /** The same with this choice of whether certificates are checked. */
    public PullOptions withTlsVerify(Optional<Boolean> verify) {
        return new PullOptions(
                authFile,
                verify,
                architecture,
                operatingSystem,
                variant,
                certificateDirectory,
                decryptionKey,
                signaturePolicy,
                retries,
                retryDelay,
                credentials);
    }

    /** The same with credentials. */
    public PullOptions with(Credentials given) {
        return new PullOptions(
                authFile,
                tlsVerify,
                architecture,
                operatingSystem,
                variant,
                certificateDirectory,
                decryptionKey,
                signaturePolicy,
                retries,
                retryDelay,
                Optional.of(given));
    }

    /** The same with this number of tries after the first one. */
    public PullOptions withRetries(int number) {
        return new PullOptions(
                authFile,
                tlsVerify,
                architecture,
                operatingSystem,
                variant,
                certificateDirectory,
                decryptionKey,
                signaturePolicy,
                OptionalInt.of(number),
                retryDelay,
                credentials);
    }

    /** The same, leaving how often a failed pull is tried again to our defaults. */
    PullOptions withoutTries() {
        return new PullOptions(
                authFile,
                tlsVerify,
                architecture,
                operatingSystem,
                variant,
                certificateDirectory,
                decryptionKey,
                signaturePolicy,
                OptionalInt.empty(),
                Optional.empty(),
                credentials);
    }

    /** The file of the decryption key, without the passphrase that may follow it. */
    public Optional<String> decryptionKeyFile() {
        return decryptionKey.map(key -> key.indexOf(':') < 0 ? key : key.substring(0, key.indexOf(':')));
    }

    /** All options, with the passphrase of the decryption key left out, and credentials as {@code ***}. */
    @Override
    public String toString() {
        StringJoiner options = new StringJoiner(", ", "PullOptions[", "]");
        add(options, "authFile", authFile);
        add(options, "tlsVerify", tlsVerify);
        add(options, "architecture", architecture);
        add(options, "operatingSystem", operatingSystem);
        add(options, "variant", variant);
        add(options, "certificateDirectory", certificateDirectory);
        add(options, "decryptionKey", decryptionKeyFile());
        add(options, "signaturePolicy", signaturePolicy);
        retries.ifPresent(count -> options.add("retries=" + count));
        add(options, "retryDelay", retryDelay);
        add(options, "credentials", credentials);
        return options.toString();
    }

    private static void add(StringJoiner options, String name, Optional<?> value) {
        value.ifPresent(present -> options.add(name + "=" + present));
    }
}
