package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;

/** What a caller is told who may not. */
final class Refusals {
    /** The bus's own name for: ask again and let the user be asked. */
    static final String CHALLENGE = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";

    private Refusals() {}

    static LockstepException of(String action, Caller caller) {
        return new LockstepException(
                        ErrorCode.PRIVILEGE,
                        "user " + caller.user() + " may not do this: polkit's action " + action + " refuses it",
                        "run it as root, for example with sudo, or as a user whom polkit's rules allow it")
                .leaving("unchanged, nothing was begun");
    }

    static String challenge(String action) {
        return "polkit's action " + action + " wants the user to authenticate"
                + "\n  state: unchanged, nothing was begun"
                + "\n  next:  run it as root, or let it ask for a password";
    }
}
