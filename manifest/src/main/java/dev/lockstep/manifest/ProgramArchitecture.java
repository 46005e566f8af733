package dev.lockstep.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The architecture of a root, by systemd's name for it, from the ELF header of its service manager. */
final class ProgramArchitecture {
    private static final String PROGRAM = "/usr/lib/systemd/systemd";
    private static final int ELF = 0x7F454C46;
    private static final int DATA = 5;
    private static final int MACHINE = 18;
    private static final byte LITTLE_ENDIAN = 1;

    private ProgramArchitecture() {}

    /** Empty when the root has no such program, or one for another machine than those that are known. */
    static Optional<String> of(RootTree root) {
        try {
            return root.read(PROGRAM).flatMap(ProgramArchitecture::of);
        } catch (IOException e) {
            // Then the architecture is not known.
            return Optional.empty();
        }
    }

    private static Optional<String> of(byte[] program) {
        ByteBuffer header = ByteBuffer.wrap(program);
        if (program.length < MACHINE + Short.BYTES || header.getInt(0) != ELF) {
            return Optional.empty();
        }
        boolean little = header.get(DATA) == LITTLE_ENDIAN;
        header.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return switch (header.getShort(MACHINE)) {
            case 0x3E -> Optional.of("x86-64");
            case 0xB7 -> Optional.of("arm64");
            case 0x28 -> Optional.of("arm");
            case 0x03 -> Optional.of("x86");
            case 0x15 -> Optional.of(little ? "ppc64-le" : "ppc64");
            case 0x16 -> Optional.of("s390x");
            case 0xF3 -> Optional.of("riscv64");
            default -> Optional.empty();
        };
    }
}
