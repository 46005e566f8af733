package dev.lockstep.systemd.daemon;

import java.util.Locale;

/** What a transaction does. */
enum Kind {
    /** To the target, as far as it is asked to. */
    STAGE("stage"),
    /** The transaction that is ready becomes what boots next. */
    COMMIT("commit"),
    /** The same, whatever its images are. */
    FORCE("force"),
    /** The open transaction is given up. */
    ABORT("abort"),
    /** The former deployment boots next. */
    ROLLBACK("rollback"),
    /** The open transaction goes on. */
    RETRY("stage"),
    /** The deployment in use is made whole. */
    REPAIR("repair");

    private final String action;

    Kind(String action) {
        this.action = action;
    }

    /** As a property shows it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The end of the polkit action that allows it. */
    String action() {
        return action;
    }
}
