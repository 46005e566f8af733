package dev.lockstep.it;

import java.util.regex.Pattern;

/**
 * What a {@link FaultProxy} does to a request instead of passing it on as it is.
 *
 * @param path requests whose path this is found in
 * @param times how often; the requests after that pass
 * @param kind what happens
 */
record Fault(Pattern path, int times, Kind kind) {
    static final int ALWAYS = Integer.MAX_VALUE;

    static Fault once(String path, Kind kind) {
        return new Fault(Pattern.compile(path), 1, kind);
    }

    static Fault always(String path, Kind kind) {
        return new Fault(Pattern.compile(path), ALWAYS, kind);
    }

    /** Ways to go wrong. */
    sealed interface Kind {
        /** Not at all. */
        record None() implements Kind {}

        /** An answer with this status and nothing of what was asked for. */
        record Status(int code) implements Kind {}

        /** The connection is reset (RST) after so many bytes of the content. */
        record Reset(long after) implements Kind {}

        /** The connection is closed in good order (FIN) after so many bytes of the content. */
        record Truncate(long after) implements Kind {}

        /** Nothing more comes after so many bytes of the content; the connection stays. */
        record Stall(long after) implements Kind {}

        /** One byte of the content is another. */
        record Corrupt() implements Kind {}

        /** The whole registry goes away after so many bytes of the content. */
        record Vanish(long after) implements Kind {}
    }
}
