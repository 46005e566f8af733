package dev.lockstep.manifest;

import jnr.constants.platform.Errno;

/** An open file descriptor that is closed once. */
record Descriptor(int number) implements AutoCloseable {

    /** Reads at the current position; 0 at the end. */
    int read(byte[] content) throws ErrnoException {
        long count = LibC.INSTANCE.read(number, content, content.length);
        while (count < 0) {
            retryable();
            count = LibC.INSTANCE.read(number, content, content.length);
        }
        return (int) count;
    }

    /** Reads directory entries as the kernel lays them out; 0 at the end. */
    int entries(byte[] buffer) throws ErrnoException {
        long count = LibC.INSTANCE.getdents64(number, buffer, buffer.length);
        while (count < 0) {
            retryable();
            count = LibC.INSTANCE.getdents64(number, buffer, buffer.length);
        }
        return (int) count;
    }

    private static void retryable() throws ErrnoException {
        Errno failure = LibC.failure();
        if (failure != Errno.EINTR) {
            throw new ErrnoException(failure);
        }
    }

    @Override
    public void close() {
        LibC.INSTANCE.close(number);
    }
}
