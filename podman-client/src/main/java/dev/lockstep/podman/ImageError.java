package dev.lockstep.podman;

/** Why something about an image failed; the constants are stable names that users see. */
public enum ImageError {
    /** The registry has no such repository, tag or digest. */
    IMAGE_NOT_FOUND(false),
    /** The registry refused the credentials, or wants some. */
    REGISTRY_UNAUTHORIZED(false),
    /** The registry could not be reached, or answered with a fault of its own. */
    REGISTRY_UNREACHABLE(true),
    /** The registry's certificate was refused. */
    REGISTRY_CERTIFICATE(false),
    /** What the registry sent is not what was asked for: another digest, no manifest, an unknown media type. */
    IMAGE_MALFORMED(false),
    /** The image exists for other architectures only. */
    IMAGE_WRONG_PLATFORM(false),
    /** The registry lists the image, but cannot deliver a part of it. */
    IMAGE_INCOMPLETE(true),
    /** The signature policy refused the image. */
    SIGNATURE_REFUSED(false),
    /** A file that the pull options name is not there or cannot be read. */
    PULL_OPTION_FILE(false),
    /** The file system of the store is full. */
    STORE_FULL(true),
    /** The store cannot be read or written. */
    STORE_UNUSABLE(false),
    /** An OCI directory is not one, is not finished, is damaged, or cannot be read or written. */
    OCI_UNUSABLE(false),
    /** podman or skopeo is not installed. */
    TOOL_MISSING(false),
    /** podman or skopeo is older than what is needed. */
    TOOL_TOO_OLD(false),
    /** It took longer than its limit. */
    TIMED_OUT(true),
    /** This process was asked to stop. */
    CANCELLED(true),
    /** podman or skopeo failed in a way that is not known. */
    TOOL_FAILED(true);

    private final boolean retryable;

    ImageError(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same call can succeed later, or after making room. */
    public boolean retryable() {
        return retryable;
    }

    /** Whether it can pass within minutes and without anybody's doing; a full disk and a blob that its registry lost do not. */
    public boolean passes() {
        return switch (this) {
            case REGISTRY_UNREACHABLE, TIMED_OUT, TOOL_FAILED -> true;
            case IMAGE_NOT_FOUND,
                    REGISTRY_UNAUTHORIZED,
                    REGISTRY_CERTIFICATE,
                    IMAGE_MALFORMED,
                    IMAGE_WRONG_PLATFORM,
                    IMAGE_INCOMPLETE,
                    SIGNATURE_REFUSED,
                    PULL_OPTION_FILE,
                    STORE_FULL,
                    STORE_UNUSABLE,
                    OCI_UNUSABLE,
                    TOOL_MISSING,
                    TOOL_TOO_OLD,
                    CANCELLED -> false;
        };
    }
}
