package dev.lockstep.systemd.socket;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;

/**
 * Sends datagrams to a Unix socket (unix(7)). Each names its receiver anew, so that a receiver that was restarted gets the next one. May be used
 * by several threads.
 */
public final class UnixDatagram implements AutoCloseable {
    /** The kernel's {@code sockaddr_un}: two bytes of family, 108 of path. */
    private static final int LONGEST_PATH = 107;

    private final int socket;
    private final byte[] address;

    private UnixDatagram(int socket, byte[] address) {
        this.socket = socket;
        this.address = address;
    }

    /**
     * Opens a socket; nothing is sent, and the receiver need not be there yet.
     *
     * @param receiver a path, or the name of an abstract socket after {@code @}
     * @throws IOException when the name is longer than 107 bytes or empty, or the process has too many files open
     */
    public static UnixDatagram to(String receiver) throws IOException {
        byte[] address = address(receiver);
        int socket = LibC.INSTANCE.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            throw failure("socket", LibC.failure());
        }
        return new UnixDatagram(socket, address);
    }

    /** {@code sockaddr_un}: a path ends with a zero byte, an abstract name begins with one and ends where the address ends. */
    static byte[] address(String receiver) throws IOException {
        byte[] name = receiver.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = receiver.startsWith("@");
        if (name.length < 2 || name.length > LONGEST_PATH || (!isAbstract && name[0] != '/')) {
            throw new SocketException("'" + receiver + "' is not the name of a Unix socket");
        }
        if (isAbstract) {
            name[0] = 0;
        }
        ByteBuffer address = ByteBuffer.allocate(2 + name.length + (isAbstract ? 0 : 1))
                .order(ByteOrder.nativeOrder())
                .putShort((short) LibC.AF_UNIX)
                .put(name);
        return address.array();
    }

    /**
     * Sends one datagram.
     *
     * @return false when it is too long for the socket; then nothing was sent
     * @throws IOException when there is no receiver, or it does not take it
     */
    public boolean send(byte[] message) throws IOException {
        long sent = LibC.INSTANCE.sendto(socket, message, message.length, LibC.MSG_NOSIGNAL, address, address.length);
        return sent >= 0 || tooLong("sendto");
    }

    /**
     * Sends an empty datagram that carries an open file.
     *
     * @param descriptor stays open here
     */
    public void sendDescriptor(int descriptor) throws IOException {
        if (LibC.INSTANCE.sendmsg(socket, carrying(descriptor), LibC.MSG_NOSIGNAL) < 0) {
            throw failure("sendmsg", LibC.failure());
        }
    }

    /**
     * Sends content of any length as a sealed file in memory, as systemd's "native journal protocol" wants it for what is too long for a
     * datagram (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/).
     */
    public void sendSealed(byte[] content) throws IOException {
        int file = LibC.INSTANCE.memfd_create("lockstep", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING);
        if (file < 0) {
            throw failure("memfd_create", LibC.failure());
        }
        try {
            long written = LibC.INSTANCE.write(file, content, content.length);
            if (written != content.length) {
                throw failure("write", LibC.failure());
            }
            if (LibC.INSTANCE.fcntl(file, LibC.F_ADD_SEALS, LibC.EVERY_SEAL) < 0) {
                throw failure("fcntl", LibC.failure());
            }
            sendDescriptor(file);
        } finally {
            LibC.INSTANCE.close(file);
        }
    }

    /** The {@code msghdr} of sendmsg(2) on 64-bit Linux, with the memory that it points to. */
    private Pointer carrying(int descriptor) {
        Pointer memory = LibC.allocate(56 + 24 + address.length);
        Pointer header = memory.slice(0, 56);
        Pointer control = memory.slice(56, 24);
        Pointer name = memory.slice(80, address.length);
        name.put(0, address, 0, address.length);
        control.putLong(0, 16 + 4);
        control.putInt(8, LibC.SOL_SOCKET);
        control.putInt(12, LibC.SCM_RIGHTS);
        control.putInt(16, descriptor);
        header.putPointer(0, name);
        header.putInt(8, address.length);
        header.putPointer(32, control);
        header.putLong(40, 24);
        // The header keeps its memory alive: it is the memory's first part.
        return memory;
    }

    /** False when the last call failed because of the length, an exception for all other reasons. */
    private static boolean tooLong(String call) throws IOException {
        Errno error = LibC.failure();
        if (error == Errno.EMSGSIZE || error == Errno.ENOBUFS) {
            return false;
        }
        throw failure(call, error);
    }

    private static IOException failure(String call, Errno error) {
        return new SocketException(call + ": " + error.description());
    }

    @Override
    public void close() {
        LibC.INSTANCE.close(socket);
    }
}
