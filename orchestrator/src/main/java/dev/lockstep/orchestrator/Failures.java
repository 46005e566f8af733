package dev.lockstep.orchestrator;

import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.disk.Sizes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Turns failures of lower layers into what a user reads. */
public final class Failures {

    private Failures() {}

    /** A failure about an image keeps its name, text and hint. */
    public static LockstepException of(ImageException failure) {
        return new LockstepException(
                ErrorCode.valueOf(failure.error().name()),
                String.valueOf(failure.getMessage()),
                failure.hint(),
                failure);
    }

    /**
     * Failures of several images in one; it is final if one of them is.
     *
     * @param what became of them all, as in "cannot be resolved"
     */
    static LockstepException together(List<LockstepException> failures, String what) {
        LockstepException leading = failures.stream()
                .filter(failure -> failure.code().category() == ErrorCode.Category.FAILED)
                .findFirst()
                .orElse(failures.get(0));
        if (failures.size() == 1) {
            return leading;
        }
        List<String> lines = failures.stream()
                .map(failure -> failure.code() + ": " + failure.getMessage())
                .toList();
        return new LockstepException(
                leading.code(),
                failures.size() + " images " + what + ":\n  " + String.join("\n  ", lines),
                leading.hint(),
                leading);
    }

    /** A failure to read or write Lockstep's own state. */
    public static LockstepException state(String what, Path file, IOException failure) {
        if (isFull(failure)) {
            return new LockstepException(
                    ErrorCode.STATE_FULL,
                    "cannot " + what + " " + file + ": the file system is full (" + Sizes.free(file) + " free)",
                    "make room on the file system of " + file + ", then run 'lockstep retry'",
                    failure);
        }
        return new LockstepException(
                ErrorCode.STATE_UNUSABLE,
                "cannot " + what + " " + file + ": " + reason(failure),
                "see to the file's permissions and its file system",
                failure);
    }

    /** A failure to read or write the sysroot. */
    public static LockstepException sysroot(String what, Path file, IOException failure) {
        if (isFull(failure)) {
            return full(what, file, failure);
        }
        return new LockstepException(
                ErrorCode.SYSROOT_UNUSABLE,
                "cannot " + what + " " + file + ": " + reason(failure),
                "see to the sysroot's permissions and its file system",
                failure);
    }

    /** The sysroot's file system is full. */
    static LockstepException full(String what, Path file, @org.jspecify.annotations.Nullable Throwable failure) {
        return new LockstepException(
                ErrorCode.SYSROOT_FULL,
                "cannot " + what + " " + file + ": the file system is full (" + Sizes.free(file) + " free)",
                "make room on the file system of " + file + ", then run 'lockstep retry'",
                failure);
    }

    static boolean isFull(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("No space left on device");
    }

    /** The reason alone, without the path that the caller names already. */
    public static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException ignored -> "it does not exist";
            case AccessDeniedException ignored -> "permission denied";
            case NotDirectoryException ignored -> "it is not a directory";
            case FileSystemException specific ->
                Objects.requireNonNullElse(specific.getReason(), String.valueOf(specific.getMessage()));
            default -> String.valueOf(failure.getMessage());
        };
    }
}
