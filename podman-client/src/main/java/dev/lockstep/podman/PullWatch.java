package dev.lockstep.podman;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * How a pull is watched.
 *
 * @param silence it is ended when nothing came for so long
 * @param received is told how many bytes this pull has brought so far, at most four times a second, from the thread that pulls
 */
public record PullWatch(Duration silence, LongConsumer received) {
    /** Without a limit on silence but for that on the whole pull, and telling nobody. */
    public static PullWatch none() {
        return new PullWatch(Duration.ofDays(1), bytes -> {});
    }
}
