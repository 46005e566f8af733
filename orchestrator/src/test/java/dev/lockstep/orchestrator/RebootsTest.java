package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RebootsTest {
    private static final ZonedDateTime FRIDAY_NOON = ZonedDateTime.parse("2026-01-02T12:00:00+01:00[Europe/Berlin]");
    /** Saturdays and Mondays from 23:00 for three hours, so into the next day. */
    private static final Reboots.Window NIGHTS =
            new Reboots.Window(Set.of(DayOfWeek.SATURDAY, DayOfWeek.MONDAY), LocalTime.of(23, 0), Duration.ofHours(3));

    @Test
    void neverIsNeverAndImmediateIsNow() {
        assertThat(Reboots.NEVER.after(FRIDAY_NOON)).isEmpty();
        assertThat(new Reboots(Reboots.Strategy.IMMEDIATE, Optional.empty()).after(FRIDAY_NOON))
                .contains(FRIDAY_NOON);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T12:00+01:00,2026-01-03T23:00+01:00", // Friday: waits for Saturday
        "2026-01-03T22:59:59+01:00,2026-01-03T23:00+01:00",
        "2026-01-03T23:00+01:00,2026-01-03T23:00+01:00", // it opens
        "2026-01-04T01:59:59+01:00,2026-01-04T01:59:59+01:00", // open since yesterday
        "2026-01-04T02:00+01:00,2026-01-05T23:00+01:00", // just closed: Monday
        "2026-01-06T03:00+01:00,2026-01-10T23:00+01:00", // a whole week but for a day
        "2026-03-28T12:00+01:00,2026-03-28T23:00+01:00",
        "2026-03-29T04:30+02:00,2026-03-30T23:00+02:00", // after the clock was put forward
    })
    void aWindowIsNowWhenItIsOpenAndOtherwiseItsNextOpening(String now, String then) {
        ZonedDateTime clock = ZonedDateTime.parse(now + "[Europe/Berlin]");

        assertThat(new Reboots(Reboots.Strategy.WINDOW, Optional.of(NIGHTS)).after(clock))
                .contains(ZonedDateTime.parse(then + "[Europe/Berlin]"));
    }
}
