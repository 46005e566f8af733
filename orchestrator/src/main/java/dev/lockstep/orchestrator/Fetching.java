package dev.lockstep.orchestrator;

import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * How registries are asked and images fetched.
 *
 * @param parallel how many at one time
 * @param retries how often what failed is tried again
 * @param retryDelay the most that is waited before the first of these tries; it doubles with each
 * @param retryDeadline no try begins later than this after the first one
 * @param stallTimeout a pull that brings nothing for so long is ended, and counts as failed
 */
public record Fetching(int parallel, int retries, Duration retryDelay, Duration retryDeadline, Duration stallTimeout) {
    private static final int FEWEST = 2;
    private static final int MOST = 8;
    private static final int PER_CORE = 4;
    /** What a pull takes at most: podman holds no layer in memory, but unpacks several. */
    private static final long MEMORY_EACH = 256L << 20;

    /** Of this host. */
    static Fetching usual() {
        return new Fetching(
                usualParallel(Runtime.getRuntime().availableProcessors(), memory()),
                3,
                Duration.ofSeconds(2),
                Duration.ofMinutes(15),
                Duration.ofMinutes(2));
    }

    /** Several a core, since a pull mostly waits for the network; no more than there is memory for. */
    static int usualParallel(int cores, long memory) {
        return Math.clamp(Math.min((long) cores * PER_CORE, memory / MEMORY_EACH), FEWEST, MOST);
    }

    /** Bytes that the host can give to programs now ({@code proc(5)}, {@code meminfo}). */
    private static long memory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Limits for an image whose own options may name some. */
    Retry.Limits limits(PullOptions options) {
        return new Retry.Limits(
                options.retries().orElse(retries), options.retryDelay().orElse(retryDelay), retryDeadline);
    }
}
