package dev.lockstep.podman.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import org.jspecify.annotations.Nullable;

/** The system calls that Java's own library does not have. Each call's error is an {@link IOException} with the words of its errno. */
public final class Posix {
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNS = 0x20000;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_SLAVE = 1 << 19;

    private Posix() {}

    /** The part of libc that is used here. */
    public interface LibC {
        int open(@In String path, int flags);

        int close(int descriptor);

        int syncfs(int descriptor);

        int kill(int process, int signal);

        int unshare(int flags);

        int geteuid();

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
