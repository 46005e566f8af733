package dev.lockstep.podman;

import dev.lockstep.podman.process.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Watches a pull by its scratch directory. podman writes each packed layer there as it comes ({@code containers/image},
 * {@code storage_dest.go}) and keeps it until the pull ends, so the directory's size is what was fetched. While layers are unpacked it does
 * not grow, but podman, or the program that it starts for it, reads and writes a lot ({@code /proc/PID/io}); that counts as a sign of life
 * too. Idle threads pass single bytes to each other, which does not.
 */
final class ScratchWatch implements Watch {
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final long A_LOT = 64 << 10;

    private final Path scratch;
    private final PullWatch watch;
    private final InstantSource clock;
    private Instant looked;
    private Instant alive;
    private long received;
    private long moved;

    ScratchWatch(Path scratch, PullWatch watch, InstantSource clock) {
        this.scratch = scratch;
        this.watch = watch;
        this.clock = clock;
        this.looked = clock.instant();
        this.alive = looked;
    }

    @Override
    public Optional<Duration> tooLongSilent(ProcessHandle program) {
        Instant now = clock.instant();
        if (Duration.between(looked, now).compareTo(EVERY) < 0) {
            return Optional.empty();
        }
        looked = now;
        long bytes = size(scratch);
        if (bytes > received) {
            received = bytes;
            alive = now;
            watch.received().accept(bytes);
        }
        long work = Stream.concat(Stream.of(program), program.descendants())
                .mapToLong(process -> moved(process.pid()))
                .sum();
        if (Math.abs(work - moved) >= A_LOT) {
            moved = work;
            alive = now;
        }
        Duration silent = Duration.between(alive, now);
        return silent.compareTo(watch.silence()) > 0 ? Optional.of(silent) : Optional.empty();
    }

    private static long size(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(ScratchWatch::fileSize).sum();
        } catch (IOException | UncheckedIOException e) {
            // It ends at this moment, and so does the watch.
            return 0;
        }
    }

    private static long fileSize(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Bytes that a process has read and written ({@code proc(5)}: rchar and wchar). */
    private static long moved(long process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process + "/io"))) {
            return lines.filter(line -> line.startsWith("rchar: ") || line.startsWith("wchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            // It has ended.
            return 0;
        }
    }
}
