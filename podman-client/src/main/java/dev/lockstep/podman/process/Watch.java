package dev.lockstep.podman.process;

import java.time.Duration;
import java.util.Optional;

/** Looks at a program while it runs. */
@FunctionalInterface
public interface Watch {
    /** Sees nothing. */
    Watch NONE = program -> Optional.empty();

    /**
     * Is asked some twenty times a second, by the thread that waits for the program.
     *
     * @return for how long nothing has come from it, when that is too long; then it is ended
     */
    Optional<Duration> tooLongSilent(ProcessHandle program);
}
