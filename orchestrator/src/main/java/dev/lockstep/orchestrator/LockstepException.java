package dev.lockstep.orchestrator;

import dev.lockstep.podman.disk.Errnos;
import java.util.OptionalInt;

/**
 * A command failed. The four parts are what a user needs: what failed and why (the message), which state the host is in, what to do next.
 */
public final class LockstepException extends Exception {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;
    private final String hint;
    private final String state;

    /**
     * @param code stable name
     * @param message what was done to which thing, and why it failed
     * @param hint what to do next
     */
    public LockstepException(ErrorCode code, String message, String hint) {
        this(code, message, hint, "", null);
    }

    /** The same with the failure behind it. */
    public LockstepException(
            ErrorCode code, String message, String hint, @org.jspecify.annotations.Nullable Throwable cause) {
        this(code, message, hint, "", cause);
    }

    private LockstepException(
            ErrorCode code,
            String message,
            String hint,
            String state,
            @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.state = state;
    }

    /** The same failure, with the state in which it left the host. */
    public LockstepException leaving(String hostState) {
        return state.isEmpty()
                ? new LockstepException(code, String.valueOf(getMessage()), hint, hostState, this)
                : this;
    }

    /** The stable name. */
    public ErrorCode code() {
        return code;
    }

    /** The system's error number that is the cause, when it is known; of a full file system always. */
    public OptionalInt errno() {
        OptionalInt given = Errnos.of(this);
        return given.isEmpty() && code.name().endsWith("_FULL") ? OptionalInt.of(Errnos.NO_SPACE) : given;
    }

    /** What to do next. */
    public String hint() {
        return hint;
    }

    /** The state the host is in, in words; empty when the command had not got as far as looking. */
    public String state() {
        return state;
    }
}
