package dev.lockstep.systemd.socket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The other end: a real socket that waits for datagrams, a few seconds each. */
public final class ReceivingSocket implements AutoCloseable {
    private static final Calls LIBC = LibraryLoader.create(Calls.class).load("c");
    private static final int SO_RCVTIMEO = 20;
    private static final int PATIENCE_SECONDS = 5;

    private final int socket;

    private ReceivingSocket(int socket) {
        this.socket = socket;
    }

    /** Public for the class that is made of it. */
    public interface Calls {
        int socket(int family, int type, int protocol);

        int bind(int socket, @In byte[] address, int length);

        int setsockopt(int socket, int level, int option, Pointer value, int length);

        long recv(int socket, @Out byte[] message, long length, int flags);

        long recvmsg(int socket, Pointer message, int flags);

        int close(int file);
    }

    /** Binds a socket under a name as {@link UnixDatagram#to} takes it. */
    public static ReceivingSocket bind(String name) throws IOException {
        int socket = LIBC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        byte[] address = UnixDatagram.address(name);
        if (socket < 0 || LIBC.bind(socket, address, address.length) < 0) {
            throw new IOException("cannot bind " + name + ": " + LibC.failure());
        }
        Pointer time = LibC.allocate(16);
        time.putLong(0, PATIENCE_SECONDS);
        LIBC.setsockopt(socket, LibC.SOL_SOCKET, SO_RCVTIMEO, time, 16);
        return new ReceivingSocket(socket);
    }

    /** The next datagram as text. */
    public String receive() throws IOException {
        byte[] message = new byte[65536];
        long length = LIBC.recv(socket, message, message.length, 0);
        if (length < 0) {
            throw new IOException("nothing came: " + LibC.failure());
        }
        return new String(message, 0, (int) length, StandardCharsets.UTF_8);
    }

    /** What is in the file that the next datagram carries. */
    byte[] receiveFile() throws IOException {
        Pointer control = LibC.allocate(24);
        Pointer header = LibC.allocate(56);
        header.putPointer(32, control);
        header.putLong(40, 24);
        if (LIBC.recvmsg(socket, header, 0) < 0) {
            throw new IOException("nothing came: " + LibC.failure());
        }
        int file = control.getInt(16);
        try {
            return Files.readAllBytes(Path.of("/proc/self/fd/" + file));
        } finally {
            LIBC.close(file);
        }
    }

    @Override
    public void close() {
        LIBC.close(socket);
    }
}
