package dev.lockstep.orchestrator;

import java.util.Optional;

/**
 * What is known of a deployment's boots. Only on a booted host is anything awaited.
 *
 * @param result what became of it
 * @param since the boot of the kernel in which its entry was written, when it cannot have booted in that one
 */
record Trial(Result result, Optional<String> since) {
    /** Nothing is awaited. */
    static final Trial SETTLED = new Trial(Result.SETTLED, Optional.empty());

    /** It was to boot, and did not stay booted. */
    static final Trial FELL_BACK = new Trial(Result.FELL_BACK, Optional.empty());

    /** An administrator went back from it. */
    static final Trial ROLLED_BACK = new Trial(Result.ROLLED_BACK, Optional.empty());

    /** What became of a deployment. */
    enum Result {
        /** It booted and reached boot-complete.target, or was not there to be tried. */
        SETTLED,
        /** The boot loader's entry is written, and it has not reached boot-complete.target since. */
        AWAITED,
        /** It was to boot, and the host runs another all the same. It is not gone to again unless an administrator asks. */
        FELL_BACK,
        /** An administrator went back from it. It is not gone to again unless an administrator asks. */
        ROLLED_BACK
    }

    /** It is to boot, in this boot already or in any later one than that named. */
    static Trial awaited(Optional<String> since) {
        return new Trial(Result.AWAITED, since);
    }

    boolean isAwaited() {
        return result == Result.AWAITED;
    }

    /** Whether the host went back from the deployment. */
    boolean isSetback() {
        return result == Result.FELL_BACK || result == Result.ROLLED_BACK;
    }
}
