package dev.lockstep.podman.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.OptionalInt;
import jnr.constants.platform.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import org.jspecify.annotations.Nullable;

/** The system calls that Java's own library does not have. Each call's error is an {@link IOException} with the words of its errno. */
public final class Posix {
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNS = 0x20000;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_SLAVE = 1 << 19;

    /** {@code struct statvfs} of 64-bit Linux: longs in the order of {@code statvfs(3)}, then what is reserved. */
    private static final int STATVFS_SIZE = 128;

    /** {@code ioctl_tty(2)}: {@code struct winsize} is four unsigned shorts, rows first. */
    private static final long TIOCGWINSZ = 0x5413;

    private static final int WINSIZE_SIZE = 8;
    private static final int WS_COL = 2;

    private static final int F_FRSIZE = 8;
    private static final int F_BAVAIL = 32;
    private static final int F_FILES = 40;
    private static final int F_FAVAIL = 56;

    private Posix() {}

    /** The part of libc that is used here. */
    public interface LibC {
        int open(@In String path, int flags);

        int close(int descriptor);

        int syncfs(int descriptor);

        int kill(int process, int signal);

        int unshare(int flags);

        int geteuid();

        int ioctl(int descriptor, long request, @Out Pointer argument);

        int statvfs(@In String path, @Out Pointer status);

        int mount(
                @In String source,
                @In String target,
                @In @Nullable String type,
                long flags,
                @In @Nullable Pointer data);
    }

    private static final class Loaded {
        static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(LIBC);
    }

    /**
     * {@code syncfs(2)}: returns when everything written to the file system that holds {@code path} is on its medium.
     *
     * @throws IOException when the path cannot be opened or a write-back failed; then nothing may be called durable
     */
    public static void syncFileSystem(Path path) throws IOException {
        int descriptor = check(Loaded.LIBC.open(path.toString(), O_RDONLY | O_CLOEXEC), "open", path);
        try {
            check(Loaded.LIBC.syncfs(descriptor), "syncfs", path);
        } finally {
            Loaded.LIBC.close(descriptor);
        }
    }

    /** The effective user, 0 for root. */
    public static int effectiveUser() {
        return Loaded.LIBC.geteuid();
    }

    /** {@code statvfs(3)}: what is free on the file system that holds {@code path}. */
    static Space space(Path path) throws IOException {
        Pointer status = Memory.allocateDirect(Loaded.RUNTIME, STATVFS_SIZE);
        check(Loaded.LIBC.statvfs(path.toString(), status), "statvfs", path);
        boolean counted = status.getLong(F_FILES) != 0;
        return new Space(
                status.getLong(F_BAVAIL) * status.getLong(F_FRSIZE),
                counted ? status.getLong(F_FAVAIL) : Long.MAX_VALUE);
    }

    /** How wide the terminal is that a file descriptor leads to; empty when it leads to none or the terminal does not know. */
    public static OptionalInt columns(int descriptor) {
        Pointer size = Memory.allocateDirect(Loaded.RUNTIME, WINSIZE_SIZE);
        boolean told = Loaded.LIBC.ioctl(descriptor, TIOCGWINSZ, size) == 0;
        int columns = told ? Short.toUnsignedInt(size.getShort(WS_COL)) : 0;
        return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
    }

    static void kill(long process, int signal) {
        if (Loaded.LIBC.kill((int) process, signal) != 0) {
            throw new IllegalStateException("kill: errno " + Loaded.RUNTIME.getLastError());
        }
    }

    /**
     * Gives the calling thread, and the processes that it starts from now on, a mount namespace of its own that still receives the mounts
     * of the host but sends none back.
     *
     * @throws IOException EPERM without privilege
     */
    public static void enterPrivateMountNamespace() throws IOException {
        Path root = Path.of("/");
        check(Loaded.LIBC.unshare(CLONE_NEWNS), "unshare", root);
        check(Loaded.LIBC.mount("none", "/", null, MS_REC | MS_SLAVE, null), "mount", root);
    }

    /** Shows the directory {@code source} at {@code target} as well, in the calling thread's mount namespace. */
    public static void bindMount(Path source, Path target) throws IOException {
        check(Loaded.LIBC.mount(source.toString(), target.toString(), null, MS_BIND | MS_REC, null), "mount", target);
    }

    private static int check(int result, String call, Path path) throws IOException {
        if (result >= 0) {
            return result;
        }
        Errno error = Errno.valueOf(Loaded.RUNTIME.getLastError());
        throw new FileSystemException(path.toString(), null, call + ": " + error.description());
    }
}
