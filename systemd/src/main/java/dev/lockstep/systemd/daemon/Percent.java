package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Progress;

/** How far a transaction is, of a hundred. Most of the way is fetching. */
final class Percent {
    private static final int PULL_BEGINS = 15;
    private static final int PULL_ENDS = 85;

    private Percent() {}

    /** Where a step begins. */
    static int of(Progress.Step step) {
        return switch (step) {
            case RECOVER -> 0;
            case TARGET -> 1;
            case STAGE -> 3;
            case READ -> 8;
            case RESOLVE -> 9;
            case PULL -> PULL_BEGINS;
            case PIN -> PULL_ENDS;
            case CHECK -> 88;
            case CONFIRM -> 90;
            case COMMIT -> 96;
        };
    }

    /** Within fetching. */
    static int fetched(long done, long total) {
        return total <= 0
                ? PULL_BEGINS
                : PULL_BEGINS + (int) ((PULL_ENDS - PULL_BEGINS) * Math.min(done, total) / total);
    }
}
