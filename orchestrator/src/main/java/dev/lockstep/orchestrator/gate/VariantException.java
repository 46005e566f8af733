package dev.lockstep.orchestrator.gate;

import java.io.IOException;

/** Bytes are not the GVariant that they should be. */
public final class VariantException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    VariantException(int offset, String reason) {
        super("at byte " + offset + ": " + reason);
        this.offset = offset;
    }

    /** Where in the bytes, from 0. */
    public int offset() {
        return offset;
    }
}
