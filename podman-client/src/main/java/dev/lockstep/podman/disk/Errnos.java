package dev.lockstep.podman.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.OptionalInt;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/** The system's error numbers behind failures. Java keeps only their words, as {@code strerror(3)} has them. */
public final class Errnos {
    /** ENOSPC. */
    public static final int NO_SPACE = Errno.ENOSPC.intValue();

    /** Longer chains of causes are circles. */
    private static final int DEEPEST = 20;

    private Errnos() {}

    /** The number of the first cause that the system gave; empty when no cause is one. */
    public static OptionalInt of(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof IOException given) {
                Optional<Errno> error = errno(given);
                if (error.isPresent()) {
                    return OptionalInt.of(error.get().intValue());
                }
            }
            cause = cause.getCause();
        }
        return OptionalInt.empty();
    }

    private static Optional<Errno> errno(IOException failure) {
        return switch (failure) {
            case NoSuchFileException ignored -> Optional.of(Errno.ENOENT);
            case AccessDeniedException ignored -> Optional.of(Errno.EACCES);
            case FileAlreadyExistsException ignored -> Optional.of(Errno.EEXIST);
            case NotDirectoryException ignored -> Optional.of(Errno.ENOTDIR);
            default -> named(String.valueOf(failure.getMessage()));
        };
    }

    private static Optional<Errno> named(String message) {
        for (Errno error : Errno.values()) {
            if (error.defined() && message.endsWith(error.description())) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }
}
