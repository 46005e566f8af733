package dev.lockstep.systemd.bus;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import java.util.Locale;
import java.util.Optional;

/** Failures as errors of the bus, and back. The text holds what a user reads: the message, the state of the host, what to do next. */
public final class BusErrors {
    /** Another transaction runs. */
    public static final String BUSY = BusNames.SERVICE + ".Error.Busy";

    /** A call that makes no sense. */
    public static final String INVALID_ARGUMENTS = "org.freedesktop.DBus.Error.InvalidArgs";

    static final String FAILED = "org.freedesktop.DBus.Error.Failed";

    private static final String PREFIX = BusNames.SERVICE + ".Error.";
    private static final String STATE = "\n  state: ";
    private static final String NEXT = "\n  next:  ";

    private BusErrors() {}

    /** {@code STORE_FULL} becomes {@code dev.lockstep.Upgrade1.Error.StoreFull}. */
    public static String name(ErrorCode code) {
        StringBuilder name = new StringBuilder(PREFIX);
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** What the error says. */
    public static String text(LockstepException failure) {
        return failure.getMessage()
                + (failure.state().isEmpty() ? "" : STATE + failure.state())
                + NEXT
                + failure.hint();
    }

    /** The failure that an error of the daemon stands for; empty for an error of the bus itself. */
    public static Optional<LockstepException> failure(String name, String text) {
        if (name.equals(BUSY)) {
            return Optional.of(parse(ErrorCode.LOCK_HELD, text));
        }
        for (ErrorCode code : ErrorCode.values()) {
            if (name(code).equals(name)) {
                return Optional.of(parse(code, text));
            }
        }
        return Optional.empty();
    }

    private static LockstepException parse(ErrorCode code, String text) {
        int next = text.lastIndexOf(NEXT);
        String before = next < 0 ? text : text.substring(0, next);
        String hint = next < 0 ? "run 'lockstep status'" : text.substring(next + NEXT.length());
        int state = before.lastIndexOf(STATE);
        LockstepException failure = new LockstepException(code, state < 0 ? before : before.substring(0, state), hint);
        return state < 0 ? failure : failure.leaving(before.substring(state + STATE.length()));
    }
}
