package dev.lockstep.manifest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names in a directory as bytes, from the records of {@code getdents64(2)}, which are the same on every architecture. */
final class DirectoryEntries {
    /** The native call copies the whole array, so a small directory gets a small one. */
    private static final int FIRST_BUFFER_BYTES = 4 << 10;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LENGTH_OFFSET = 16;
    private static final int TYPE_OFFSET = 18;
    private static final int UNKNOWN = 0;
    private static final int DIRECTORY = 4;
    private static final int LINK = 10;
    private static final int NAME_OFFSET = 19;

    private DirectoryEntries() {}

    /** One entry. */
    static final class Entry {
        private final byte[] name;
        private final boolean mayBeDirectory;

        private Entry(byte[] name, boolean mayBeDirectory) {
            this.name = name;
            this.mayBeDirectory = mayBeDirectory;
        }

        byte[] name() {
            return name;
        }

        /** Whether it may lead to a directory; the file system need not know better. */
        boolean mayBeDirectory() {
            return mayBeDirectory;
        }
    }

    /**
     * Reads a directory that is open for reading, without {@code .} and {@code ..}, in the order of their bytes.
     *
     * @param most reading stops soon after this many
     */
    static List<Entry> read(Descriptor directory, int most) throws ErrnoException {
        List<Entry> entries = new ArrayList<>();
        byte[] buffer = new byte[FIRST_BUFFER_BYTES];
        int length = directory.entries(buffer);
        while (length > 0 && entries.size() <= most) {
            decode(buffer, length, entries);
            if (length > buffer.length / 2 && buffer.length < BUFFER_BYTES) {
                buffer = new byte[BUFFER_BYTES];
            }
            length = directory.entries(buffer);
        }
        entries.sort((one, other) -> Arrays.compareUnsigned(one.name(), other.name()));
        return entries;
    }

    private static void decode(byte[] buffer, int length, List<Entry> entries) {
        ByteBuffer records = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
        int record = 0;
        while (record < length) {
            int end = record + NAME_OFFSET;
            while (buffer[end] != 0) {
                end++;
            }
            byte[] name = Arrays.copyOfRange(buffer, record + NAME_OFFSET, end);
            if (!isDots(name)) {
                entries.add(new Entry(name, mayBeDirectory(buffer[record + TYPE_OFFSET])));
            }
            record += Short.toUnsignedInt(records.getShort(record + LENGTH_OFFSET));
        }
    }

    private static boolean mayBeDirectory(byte type) {
        return type == UNKNOWN || type == DIRECTORY || type == LINK;
    }

    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
}
