package dev.lockstep.manifest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.Errno;

/** Lets the kernel keep a path inside the root: {@code openat2(2)} with {@code RESOLVE_IN_ROOT}, Linux 5.6 and later. */
final class Openat2 implements RootedOpen {
    /** The same on every architecture. */
    private static final long OPENAT2 = 437;

    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_IN_ROOT = 0x10;
    private static final int OPEN_HOW_BYTES = 24;
    /** The kernel gives up with EAGAIN when something is renamed meanwhile. */
    private static final int ATTEMPTS = 16;

    @Override
    public int open(int root, byte[] path, int flags) throws ErrnoException {
        // Flags, mode, resolve.
        byte[] how = ByteBuffer.allocate(OPEN_HOW_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(flags | LibC.O_CLOEXEC)
                .putLong(0)
                .putLong(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
                .array();
        Errno failure = Errno.EAGAIN;
        for (int attempt = 0; attempt < ATTEMPTS && (failure == Errno.EAGAIN || failure == Errno.EINTR); attempt++) {
            int file = (int) LibC.INSTANCE.syscall(OPENAT2, root, path, how, OPEN_HOW_BYTES);
            if (file >= 0) {
                return file;
            }
            failure = LibC.failure();
        }
        throw new ErrnoException(failure);
    }

    /** Whether this kernel, and the filter of system calls around this process, has {@code openat2}. */
    static boolean works(int root) {
        try {
            int file = new Openat2().open(root, Names.terminated(new byte[] {'.'}), LibC.O_PATH | LibC.O_DIRECTORY);
            LibC.INSTANCE.close(file);
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
