package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryTest {
    private static final Retry.Limits LIMITS = new Retry.Limits(5, Duration.ofSeconds(2), Duration.ofMinutes(10));

    private Instant now = Instant.EPOCH;
    private final List<Duration> waits = new ArrayList<>();
    private final Deque<ImageError> failures = new ArrayDeque<>();
    private int tries;

    /** Draws the highest or the lowest number that it may. */
    private Retry drawing(boolean highest) {
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("not asked for");
            }

            @Override
            public long nextLong(long bound) {
                return highest ? bound - 1 : 0;
            }
        };
        return new Retry(() -> now, random, time -> {
            waits.add(time);
            now = now.plus(time);
            return false;
        });
    }

    private String attempt() throws ImageException {
        tries++;
        ImageError failure = failures.poll();
        if (failure != null) {
            throw new ImageException(failure, "no", "hint");
        }
        return "done";
    }

    private void failing(int times, ImageError error) {
        for (int index = 0; index < times; index++) {
            failures.add(error);
        }
    }

    @Test
    void theBoundOfTheWaitDoubles() throws Exception {
        failing(5, ImageError.REGISTRY_UNREACHABLE);

        assertThat(drawing(true).run(LIMITS, this::attempt, (failure, delay) -> {}))
                .isEqualTo("done");

        assertThat(waits)
                .containsExactly(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16),
                        Duration.ofSeconds(32));
    }

    @Test
    void theWaitIsDrawnFromNothingOn() throws Exception {
        failing(2, ImageError.TIMED_OUT);

        drawing(false).run(LIMITS, this::attempt, (failure, delay) -> {});

        assertThat(waits).containsExactly(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void theNumberOfTriesIsBounded() {
        failing(10, ImageError.REGISTRY_UNREACHABLE);

        assertThatThrownBy(() -> drawing(true).run(LIMITS, this::attempt, (failure, delay) -> {}))
                .isInstanceOf(ImageException.class);
        assertThat(tries).isEqualTo(6);
    }

    @Test
    void soIsTheTimeForAllOfThem() {
        failing(100, ImageError.REGISTRY_UNREACHABLE);
        Retry.Limits patient = new Retry.Limits(100, Duration.ofSeconds(2), Duration.ofMinutes(10));

        assertThatThrownBy(() -> drawing(true).run(patient, this::attempt, (failure, delay) -> {}))
                .isInstanceOf(ImageException.class);
        assertThat(now).isBefore(Instant.EPOCH.plusSeconds(601));
        assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofMinutes(5)) <= 0);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REGISTRY_UNREACHABLE", "TIMED_OUT", "TOOL_FAILED"})
    void whatDoesNotPassByItselfIsNotTriedAgain(ImageError error) {
        failing(1, error);

        assertThatThrownBy(() -> drawing(true).run(LIMITS, this::attempt, (failure, delay) -> {}))
                .isInstanceOf(ImageException.class);
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void aWaitThatIsStoppedEndsIt() {
        failing(1, ImageError.REGISTRY_UNREACHABLE);
        Retry stopped = new Retry(() -> now, RandomGenerator.getDefault(), time -> true);

        assertThatThrownBy(() -> stopped.run(LIMITS, this::attempt, (failure, delay) -> {}))
                .hasMessage("no");
        assertThat(tries).isEqualTo(1);
    }
}
