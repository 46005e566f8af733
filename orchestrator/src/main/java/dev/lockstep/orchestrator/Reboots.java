package dev.lockstep.orchestrator;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;

/**
 * When a host reboots into what it has committed.
 *
 * @param strategy how
 * @param window when, for the strategy of that name
 */
public record Reboots(Strategy strategy, Optional<Window> window) {
    /** Somebody else reboots. */
    public static final Reboots NEVER = new Reboots(Strategy.NEVER, Optional.empty());

    /** How a reboot is chosen. */
    public enum Strategy {
        /** It is somebody else's to reboot. */
        NEVER,
        /** At once. */
        IMMEDIATE,
        /** Within a maintenance window: at once when one is open, otherwise when the next one opens. */
        WINDOW
    }

    /**
     * A maintenance window.
     *
     * @param days on which it opens
     * @param start when, by the host's clock
     * @param length how long it stays open, at most a day; it may end on the next day
     */
    public record Window(Set<DayOfWeek> days, LocalTime start, Duration length) {
        public Window {
            days = Set.copyOf(days);
            if (days.isEmpty() || !length.isPositive() || length.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("a window opens on some day, for at most 24 hours");
            }
        }

        /** When it opened for now, or opens next. */
        private ZonedDateTime opening(ZonedDateTime now) {
            LocalDate day = now.toLocalDate().minusDays(1);
            while (true) {
                ZonedDateTime opens = day.atTime(start).atZone(now.getZone());
                if (days.contains(day.getDayOfWeek()) && opens.plus(length).isAfter(now)) {
                    return opens;
                }
                day = day.plusDays(1);
            }
        }
    }

    /**
     * When to reboot after a commit.
     *
     * @return empty for never; now itself for at once; otherwise when the next window opens
     */
    public Optional<ZonedDateTime> after(ZonedDateTime now) {
        return switch (strategy) {
            case NEVER -> Optional.empty();
            case IMMEDIATE -> Optional.of(now);
            case WINDOW -> window.map(open -> open.opening(now)).map(opens -> opens.isAfter(now) ? opens : now);
        };
    }
}
