package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.Retry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchingTest {
    @ParameterizedTest
    @CsvSource({"1, 4096, 4", "2, 4096, 8", "4, 16384, 8", "64, 16384, 8", "4, 1024, 4", "4, 100, 2"})
    void asManyAtOnceAsCoresAndMemoryAllow(int cores, long mebibytes, int expected) {
        assertThat(Fetching.usualParallel(cores, mebibytes << 20)).isEqualTo(expected);
    }

    @Test
    void anImageWithoutOptionsOfItsOwnTakesTheHosts() {
        assertThat(Fetching.usual().limits(PullOptions.DEFAULT))
                .isEqualTo(new Retry.Limits(3, Duration.ofSeconds(2), Duration.ofMinutes(15)));
    }
}
