package dev.lockstep.manifest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names in a directory as bytes, from the records of {@code getdents64(2)}, which are the same on every architecture. */
final class DirectoryEntries {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LENGTH_OFFSET = 16;
    private static final int NAME_OFFSET = 19;

    private DirectoryEntries() {}

    /**
     * Reads a directory that is open for reading, without {@code .} and {@code ..}, in the order of their bytes.
     *
     * @param most reading stops soon after this many
     */
    static List<byte[]> read(Descriptor directory, int most) throws ErrnoException {
        List<byte[]> names = new ArrayList<>();
        byte[] buffer = new byte[BUFFER_BYTES];
        int length = directory.entries(buffer);
        while (length > 0 && names.size() <= most) {
            decode(buffer, length, names);
            length = directory.entries(buffer);
        }
        names.sort(Arrays::compareUnsigned);
        return names;
    }

    private static void decode(byte[] buffer, int length, List<byte[]> names) {
        ByteBuffer records = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
        int record = 0;
        while (record < length) {
            int end = record + NAME_OFFSET;
            while (buffer[end] != 0) {
                end++;
            }
            byte[] name = Arrays.copyOfRange(buffer, record + NAME_OFFSET, end);
            if (!isDots(name)) {
                names.add(name);
            }
            record += Short.toUnsignedInt(records.getShort(record + LENGTH_OFFSET));
        }
    }

    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
}
