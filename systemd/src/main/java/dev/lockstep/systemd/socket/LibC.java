package dev.lockstep.systemd.socket;

import jnr.constants.platform.Errno;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;

/** The C library's calls for datagrams between processes. A negative result means failure, and {@link #failure()} tells it when asked right after. */
final class LibC {
    static final Calls INSTANCE = LibraryLoader.create(Calls.class).load("c");

    static final int AF_UNIX = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int SOL_SOCKET = 1;
    static final int SCM_RIGHTS = 1;
    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final int F_ADD_SEALS = 1033;
    /** Neither longer, nor shorter, nor written to, nor unsealed: fcntl(2). */
    static final int EVERY_SEAL = 0x1 | 0x2 | 0x4 | 0x8;

    private LibC() {}

    /** Public because the class that is made of it at run time lives in a class loader of its own. */
    public interface Calls {
        int socket(int family, int type, int protocol);

        long sendto(int socket, @In byte[] message, long length, int flags, @In byte[] address, int addressLength);

        long sendmsg(int socket, Pointer message, int flags);

        int memfd_create(@In String name, int flags);

        long write(int file, @In byte[] content, long length);

        int fcntl(int file, int command, int argument);

        int close(int file);
    }

    /** Native memory that is zeroed and freed with the object. */
    static Pointer allocate(int bytes) {
        return Memory.allocateDirect(Runtime.getSystemRuntime(), bytes, true);
    }

    /** Why the last call of this thread failed. */
    static Errno failure() {
        return Errno.valueOf(LastError.getLastError(Runtime.getSystemRuntime()));
    }
}
