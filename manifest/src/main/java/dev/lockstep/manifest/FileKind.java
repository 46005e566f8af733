package dev.lockstep.manifest;

/** What a path of a root is. */
public enum FileKind {
    /** A regular file, the only kind that is ever read. */
    REGULAR,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link, where a path was not followed. */
    LINK,
    /** A FIFO, a socket or a device: never opened. */
    OTHER
}
