package dev.lockstep.orchestrator;

/** Every way in which a command fails, under the name that users and scripts see. */
public enum ErrorCode {
    /** A command or option that makes no sense as given. */
    USAGE(Category.USAGE),
    /** A configuration file has problems. */
    CONFIGURATION(Category.FAILED),
    /** There is no message bus, or no daemon answers on it. */
    DAEMON_UNREACHABLE(Category.FAILED),
    /** Root is needed. */
    PRIVILEGE(Category.PRIVILEGE),
    /** Another process has a transaction in hand. */
    LOCK_HELD(Category.LOCKED),
    /** Something else holds the deployment engine's own lock for too long. */
    ENGINE_BUSY(Category.RETRYABLE),
    /** The sysroot is not one, or cannot be read or written. */
    SYSROOT_UNUSABLE(Category.FAILED),
    /** The file system of the sysroot is full. */
    SYSROOT_FULL(Category.RETRYABLE),
    /** The deployment engine is not installed. */
    ENGINE_MISSING(Category.FAILED),
    /** The deployment engine is older than what is needed. */
    ENGINE_TOO_OLD(Category.FAILED),
    /** The deployment engine failed. */
    ENGINE_FAILED(Category.FAILED),
    /** Neither the command nor the configuration names a target. */
    TARGET_UNKNOWN(Category.USAGE),
    /** The target is not a bootable operating system tree. */
    TARGET_NOT_BOOTABLE(Category.FAILED),
    /** The target does not bring Lockstep along. */
    TARGET_WITHOUT_LOCKSTEP(Category.FAILED),
    /** What the target binds cannot be read without mistakes in it. */
    BOUND_IMAGES_INVALID(Category.FAILED),
    /** A unit of the new root would look for its image where it is not. */
    STORE_NOT_VISIBLE(Category.FAILED),
    /** A registry has no such image. */
    IMAGE_NOT_FOUND(Category.FAILED),
    /** A registry refused the credentials. */
    REGISTRY_UNAUTHORIZED(Category.FAILED),
    /** A registry could not be reached. */
    REGISTRY_UNREACHABLE(Category.RETRYABLE),
    /** A registry's certificate was refused. */
    REGISTRY_CERTIFICATE(Category.FAILED),
    /** What a registry sent is not what was asked for. */
    IMAGE_MALFORMED(Category.FAILED),
    /** An image exists for other architectures only. */
    IMAGE_WRONG_PLATFORM(Category.FAILED),
    /** A registry could not deliver a part of an image. */
    IMAGE_INCOMPLETE(Category.RETRYABLE),
    /** The signature policy refused an image. */
    SIGNATURE_REFUSED(Category.FAILED),
    /** A file that pull options name is not there. */
    PULL_OPTION_FILE(Category.FAILED),
    /** The file system of the image store is full. */
    STORE_FULL(Category.RETRYABLE),
    /** The image store cannot be read or written. */
    STORE_UNUSABLE(Category.FAILED),
    /** An OCI directory is not one, is not finished, is damaged, or cannot be read or written. */
    OCI_UNUSABLE(Category.FAILED),
    /** podman or skopeo is not installed. */
    TOOL_MISSING(Category.FAILED),
    /** podman or skopeo is older than what is needed. */
    TOOL_TOO_OLD(Category.FAILED),
    /** podman or skopeo failed in a way that is not known. */
    TOOL_FAILED(Category.RETRYABLE),
    /** A step took longer than its limit. */
    TIMED_OUT(Category.RETRYABLE),
    /** This process was asked to stop. */
    CANCELLED(Category.RETRYABLE),
    /** An image that was pulled is still not whole. */
    NOT_CONFIRMED(Category.RETRYABLE),
    /** The engine's state or the bound set changed while images were fetched. */
    CHANGED_MEANWHILE(Category.RETRYABLE),
    /** Lockstep's own state cannot be read or written. */
    STATE_UNUSABLE(Category.FAILED),
    /** The file system of Lockstep's state is full. */
    STATE_FULL(Category.RETRYABLE),
    /** A check of the new root failed. */
    CHECK_FAILED(Category.HELD),
    /** Everything is confirmed, but somebody else's lock holds the staged deployment. */
    HELD(Category.HELD),
    /** There is no transaction to continue, commit or abort. */
    NO_TRANSACTION(Category.FAILED),
    /** There is no deployment to go back to. */
    NO_ROLLBACK(Category.FAILED),
    /** No binding record says what a deployment binds. */
    NO_RECORD(Category.FAILED),
    /** The deployment that boots next lacks an image, or has a damaged one. */
    IMAGES_LACKING(Category.LACKING);

    private final Category category;

    ErrorCode(Category category) {
        this.category = category;
    }

    /** What kind of failure it is, which decides the exit status. */
    public Category category() {
        return category;
    }

    /** Kinds of failure. */
    public enum Category {
        /** Failed, the state is unchanged, and trying again as it is will fail again. */
        FAILED(1),
        /** The command line was wrong. */
        USAGE(2),
        /** Another transaction holds the lock. */
        LOCKED(3),
        /** A privilege is missing. */
        PRIVILEGE(4),
        /** Failed, the state is unchanged; worth trying again as it is, or after making room. */
        RETRYABLE(5),
        /** The deployment that is in use lacks an image or has a damaged one. */
        LACKING(6),
        /** Ready, but held by someone else's lock or a failing check. */
        HELD(7);

        private final int exitStatus;

        Category(int exitStatus) {
            this.exitStatus = exitStatus;
        }

        /** The exit status of the command. */
        public int exitStatus() {
            return exitStatus;
        }
    }
}
