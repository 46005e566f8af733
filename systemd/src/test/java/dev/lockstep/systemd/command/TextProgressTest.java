package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextProgressTest {
    private static final long MEBI = 1 << 20;

    private final StringWriter shown = new StringWriter();
    private Instant now = Instant.EPOCH;

    private TextProgress on(boolean live, int columns) {
        PrintWriter err = new PrintWriter(shown);
        return new TextProgress(new Terminal(err, err, live, () -> columns), () -> now);
    }

    private static Progress.Transfer transfer(long done) {
        return new Progress.Transfer("registry.example/a:1", 1, 2, done * MEBI, 100 * MEBI);
    }

    private String last() {
        String text = shown.toString();
        return text.substring(text.lastIndexOf('\r') + 1).replace("\u001b[K", "");
    }

    @Test
    void aPlanIsOneSentence() {
        on(false, 80).plan(new Progress.Plan(20, 3, 19, 200 * MEBI, 500 * MEBI, 900 * MEBI));

        assertThat(shown)
                .hasToString("         20 images, 3 present, 19 layers, 200.0 MiB to fetch, 500.0 MiB needed,"
                        + " 900.0 MiB free" + System.lineSeparator());
    }

    @Test
    void aLogHasNoBars() {
        on(false, 80).transfer(transfer(10));

        assertThat(shown.toString()).isEmpty();
    }

    @Test
    void aLiveTerminalHasABarThenRateAndTimeLeft() {
        TextProgress progress = on(true, 80);
        progress.transfer(transfer(0));
        assertThat(last()).isEqualTo("         [" + ".".repeat(20) + "] 0 B of 100.0 MiB");
        now = now.plusSeconds(4);
        progress.transfer(transfer(20));

        assertThat(last())
                .isEqualTo("         [" + "#".repeat(4) + ".".repeat(16)
                        + "] 20.0 MiB of 100.0 MiB, 5.0 MiB/s, 0:16 left");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 40, 60, 80, 200})
    void noLineIsWiderThanTheTerminalOrItCouldNotBeWrittenOver(int columns) {
        TextProgress progress = on(true, columns);
        progress.image(1, 20, "registry.example/a-long-name-of-an-image:1", "pulling 200.0 MiB");
        assertThat(last().length()).isLessThanOrEqualTo(Math.max(1, columns - 1));
        progress.transfer(transfer(1));
        now = now.plusSeconds(60);
        progress.transfer(transfer(50));
        assertThat(last().length()).isLessThanOrEqualTo(Math.max(1, columns - 1));
    }

    @Test
    void theNextStepTakesTheLinesPlace() {
        TextProgress progress = on(true, 80);
        progress.transfer(transfer(1));
        progress.step(Progress.Step.PIN, "3 images");

        assertThat(last()).isEqualTo("pin      3 images" + System.lineSeparator());
    }
}
