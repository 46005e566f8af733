package dev.lockstep.orchestrator.gate;

import java.io.IOException;

/** A file of lines is not what it should be. */
public final class LineFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int line;

    LineFileException(int line, String reason) {
        super("line " + line + ": " + reason);
        this.line = line;
    }

    /** Which line, from 1. */
    public int line() {
        return line;
    }
}
