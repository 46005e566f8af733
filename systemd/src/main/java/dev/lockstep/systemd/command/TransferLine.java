package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Progress;
import dev.lockstep.podman.disk.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** How far fetching is, in one line: a bar when there is room for one, bytes, rate and the time that is left. It has no colours. */
final class TransferLine {
    private static final String INDENT = "         ";
    private static final int LONGEST_BAR = 20;
    private static final int SHORTEST_BAR = 8;
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final InstantSource clock;
    private Optional<Instant> start = Optional.empty();
    private long before;

    TransferLine(InstantSource clock) {
        this.clock = clock;
    }

    /** What is told next belongs to another step. */
    void restart() {
        start = Optional.empty();
    }

    /** At most so many columns wide if the figures alone are not wider. */
    String text(Progress.Transfer transfer, int columns) {
        Instant now = clock.instant();
        if (start.isEmpty()) {
            start = Optional.of(now);
            before = transfer.done();
        }
        String figures = Sizes.text(transfer.done()) + " of " + Sizes.text(transfer.total())
                + speed(transfer, Duration.between(start.get(), now));
        int room = columns - INDENT.length() - figures.length() - " [] ".length();
        String bar = room < SHORTEST_BAR ? "" : bar(transfer, Math.min(room, LONGEST_BAR)) + " ";
        return (bar.isEmpty() ? "" : INDENT) + bar + figures;
    }

    private static String bar(Progress.Transfer transfer, int width) {
        int filled = transfer.total() == 0 ? width : (int) (width * transfer.done() / transfer.total());
        return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]";
    }

    /** Nothing before there is enough to tell it from. */
    private String speed(Progress.Transfer transfer, Duration time) {
        long come = transfer.done() - before;
        if (time.compareTo(SETTLED) < 0 || come <= 0) {
            return "";
        }
        double rate = come * 1000.0 / time.toMillis();
        long left = Math.round((transfer.total() - transfer.done()) / rate);
        return ", " + Sizes.text((long) rate) + "/s, " + left(left) + " left";
    }

    private static String left(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
