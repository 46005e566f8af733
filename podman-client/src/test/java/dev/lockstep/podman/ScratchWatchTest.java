package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path scratch;

    private Instant now = Instant.EPOCH;
    private final List<Long> told = new ArrayList<>();

    private void pass(int millis) {
        now = now.plusMillis(millis);
    }

    /** Of a program that sleeps. */
    private boolean silent(ScratchWatch watch, ProcessHandle program) {
        return watch.tooLongSilent(program).isPresent();
    }

    @Test
    void bytesAreToldAsTheyComeAndSilenceIsMeasuredFromTheLast() throws Exception {
        Process program = new ProcessBuilder("sleep", "1000").start();
        try {
            ScratchWatch watch = new ScratchWatch(scratch, new PullWatch(LIMIT, told::add), () -> now);
            Path blob = Files.createDirectories(scratch.resolve("storage1")).resolve("1");
            pass(1000);
            Files.write(blob, new byte[10]);
            assertThat(silent(watch, program.toHandle())).isFalse();
            pass(100);
            Files.write(blob, new byte[20]);
            assertThat(silent(watch, program.toHandle())).isFalse();
            assertThat(told).as("at most four times a second").containsExactly(10L);
            pass(150);
            assertThat(silent(watch, program.toHandle())).isFalse();
            assertThat(told).containsExactly(10L, 20L);
            pass(30_000);
            assertThat(silent(watch, program.toHandle())).isFalse();
            pass(250);
            assertThat(watch.tooLongSilent(program.toHandle())).contains(Duration.ofMillis(30_250));
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    @Test
    void aProgramThatUnpacksIsNotSilent() throws Exception {
        Process program =
                new ProcessBuilder("sh", "-c", "while :; do head -c 1000000 /dev/zero >/dev/null; done").start();
        try {
            ScratchWatch watch = new ScratchWatch(scratch, new PullWatch(LIMIT, told::add), () -> now);
            for (int round = 0; round < 5; round++) {
                Thread.sleep(100);
                pass(29_000);
                assertThat(silent(watch, program.toHandle())).isFalse();
            }
            assertThat(told).isEmpty();
        } finally {
            program.descendants().forEach(ProcessHandle::destroyForcibly);
            program.destroyForcibly().waitFor();
        }
    }
}
