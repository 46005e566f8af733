package dev.lockstep.manifest;

import jnr.constants.platform.Errno;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The C library's calls that work relative to a directory descriptor, which Java's own file API lacks. Names are bytes, so that they do not
 * depend on the locale. A negative result means failure, and {@link #failure()} tells it when asked right after the call.
 */
final class LibC {
    /** The C library of this process. */
    static final Calls INSTANCE = LibraryLoader.create(Calls.class).load("c");

    static final int O_RDONLY = 0;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    /** {@code O_DIRECTORY} and {@code O_NOFOLLOW} are two of the few numbers of open(2) that differ between architectures. */
    static final int O_DIRECTORY = armOrPower() ? 0x4000 : 0x10000;

    static final int O_NOFOLLOW = armOrPower() ? 0x8000 : 0x20000;

    private static boolean armOrPower() {
        String architecture = System.getProperty("os.arch", "");
        return architecture.startsWith("aarch64") || architecture.startsWith("arm") || architecture.startsWith("ppc");
    }

    private LibC() {}

    /** Public because the class that is made of it at run time lives in a class loader of its own. */
    public interface Calls {
        int openat(int directory, @In byte[] path, int flags, int mode);

        /** {@code openat2(2)} has no wrapper in the C library. */
        long syscall(long number, int directory, @In byte[] path, @In byte[] how, long size);

        int statx(int directory, @In byte[] path, int flags, int mask, @Out byte[] status);

        long readlinkat(int directory, @In byte[] path, @Out byte[] target, long size);

        long getdents64(int directory, @Out byte[] entries, long size);

        long read(int file, @Out byte[] content, long size);

        int close(int file);
    }

    /** Why the last call of this thread failed. */
    static Errno failure() {
        return Errno.valueOf(LastError.getLastError(Runtime.getSystemRuntime()));
    }
}
