package dev.lockstep.podman.process;

/** Runs other programs. */
public interface Tools {

    /**
     * Runs a program to its end and returns how it ended; a non-zero exit is a result, not an exception.
     *
     * @throws ToolMissingException when the program is not installed
     */
    ToolResult run(ToolCall call) throws ToolMissingException;
}
