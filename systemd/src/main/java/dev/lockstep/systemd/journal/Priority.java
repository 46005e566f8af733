package dev.lockstep.systemd.journal;

import java.util.Locale;
import java.util.Optional;

/** How much an entry matters, as syslog(3) numbers it. */
public enum Priority {
    /** Something failed. */
    ERR(3),
    /** Something is not as it should be, and holds nothing. */
    WARNING(4),
    /** The state of the host changed. */
    NOTICE(5),
    /** Work went on as it should. */
    INFO(6),
    /** For those who look for a mistake. */
    DEBUG(7);

    private final int number;

    Priority(int number) {
        this.number = number;
    }

    /** From 3, which matters most, to 7. */
    public int number() {
        return number;
    }

    /** Whether it is told where {@code least} is asked for. */
    boolean isAtLeast(Priority least) {
        return number <= least.number;
    }

    /** By its lower-case name; empty when there is none of that name. */
    public static Optional<Priority> named(String name) {
        for (Priority priority : values()) {
            if (priority.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(priority);
            }
        }
        return Optional.empty();
    }
}
