package dev.lockstep.podman.process;

/** A program that is needed could not be started. */
public final class ToolMissingException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String program;

    /** @param program the name that was looked for on the PATH */
    public ToolMissingException(String program, Throwable cause) {
        super(program + " cannot be started: " + cause.getMessage(), cause);
        this.program = program;
    }

    /** The program that is missing. */
    public String program() {
        return program;
    }
}
