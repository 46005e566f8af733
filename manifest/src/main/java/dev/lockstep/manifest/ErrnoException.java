package dev.lockstep.manifest;

import java.io.IOException;
import jnr.constants.platform.Errno;

/** A system call failed; only the classes that wrap system calls see it. */
final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    ErrnoException(Errno errno) {
        super(errno.name());
        this.errno = errno;
    }

    /** The error of the system call. */
    Errno errno() {
        return errno;
    }
}
