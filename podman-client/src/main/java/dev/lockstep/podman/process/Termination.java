package dev.lockstep.podman.process;

import java.time.Duration;

/** How a program ended. */
public sealed interface Termination {

    /** It exited by itself; 0 means that it believes in its success. */
    record Exited(int status) implements Termination {}

    /** A signal ended it. */
    record Signalled(int signal) implements Termination {}

    /** It ran longer than its limit and was ended by us. */
    record TimedOut() implements Termination {}

    /** It was ended by us because nothing came from it for so long. */
    record Silent(Duration time) implements Termination {}

    /** It was ended by us because this process was asked to stop. */
    record Cancelled() implements Termination {}

    /** Reads the status that Java gives: above 128 it is 128 plus the signal's number. */
    static Termination of(int status) {
        return status > 128 && status <= 128 + 64 ? new Signalled(status - 128) : new Exited(status);
    }

    /** In words, to follow the program's name. */
    default String describe() {
        return switch (this) {
            case Exited exited -> "exited with status " + exited.status();
            case Signalled signalled -> "was ended by signal " + signalled.signal();
            case TimedOut ignored -> "was ended because it took too long";
            case Silent silent ->
                "was ended because nothing came for " + silent.time().toSeconds() + " s";
            case Cancelled ignored -> "was stopped";
        };
    }
}
