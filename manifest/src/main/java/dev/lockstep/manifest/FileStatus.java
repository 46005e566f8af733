package dev.lockstep.manifest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jnr.constants.platform.Errno;

/**
 * What an open descriptor is, from {@code statx(2)}, whose structure is the same on every architecture.
 *
 * @param kind the type of the file
 * @param size in bytes
 */
record FileStatus(FileKind kind, long size) {
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_TYPE_AND_SIZE = 0x001 | 0x200;
    private static final int STATX_BYTES = 256;
    private static final int MODE_OFFSET = 28;
    private static final int SIZE_OFFSET = 40;
    private static final int TYPE_MASK = 0xF000;
    /** Longer than any link's text can be. */
    private static final int LINK_BYTES = 4096;

    private static final byte[] SELF = {0};

    static FileStatus of(int file) throws ErrnoException {
        byte[] status = new byte[STATX_BYTES];
        if (LibC.INSTANCE.statx(file, SELF, AT_EMPTY_PATH, STATX_TYPE_AND_SIZE, status) < 0) {
            throw new ErrnoException(LibC.failure());
        }
        ByteBuffer fields = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
        FileKind kind = switch (fields.getShort(MODE_OFFSET) & TYPE_MASK) {
            case 0x8000 -> FileKind.REGULAR;
            case 0x4000 -> FileKind.DIRECTORY;
            case 0xA000 -> FileKind.LINK;
            default -> FileKind.OTHER;
        };
        return new FileStatus(kind, fields.getLong(SIZE_OFFSET));
    }

    /** The text of a link that is held open by {@code O_PATH | O_NOFOLLOW}. */
    static byte[] linkText(int link) throws ErrnoException {
        byte[] text = new byte[LINK_BYTES];
        long length = LibC.INSTANCE.readlinkat(link, SELF, text, text.length);
        if (length < 0) {
            throw new ErrnoException(LibC.failure());
        }
        return Arrays.copyOf(text, (int) length);
    }

    /** {@code openat(2)} of one name. */
    static int open(int directory, byte[] name, int flags) throws ErrnoException {
        byte[] terminated = Names.terminated(name);
        int file = LibC.INSTANCE.openat(directory, terminated, flags | LibC.O_CLOEXEC, 0);
        while (file < 0) {
            Errno failure = LibC.failure();
            if (failure != Errno.EINTR) {
                throw new ErrnoException(failure);
            }
            file = LibC.INSTANCE.openat(directory, terminated, flags | LibC.O_CLOEXEC, 0);
        }
        return file;
    }
}
