package dev.lockstep.manifest;

import java.io.IOException;

/** Something in a root exists but is not what can be read safely. The message says it in words, without the path. */
public final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final Reason reason;

    UnreadableException(String path, Reason reason, String words) {
        super(words);
        this.path = path;
        this.reason = reason;
    }

    /** Absolute path inside the root. */
    public String path() {
        return path;
    }

    /** Why it is not read. */
    public Reason reason() {
        return reason;
    }

    /** Why something in a root is not read. */
    public enum Reason {
        /** A directory, FIFO, socket or device where a file was asked for. */
        NOT_A_FILE,
        /** Something else where a directory was asked for. */
        NOT_A_DIRECTORY,
        /** More than 40 links on the way. */
        LOOP,
        /** Larger than the caller allows. */
        TOO_LARGE,
        /** A directory with more entries than any real one has. */
        TOO_MANY_ENTRIES,
        /** A name that is not UTF-8, too long, or impossible as a file name. */
        BAD_NAME,
        /** The system refused or failed: no permission, an I/O error. */
        SYSTEM
    }
}
