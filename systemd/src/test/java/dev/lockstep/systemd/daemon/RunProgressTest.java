package dev.lockstep.systemd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Progress;
import dev.lockstep.systemd.bus.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RunProgressTest {
    private static Object value(RunProgress progress, String name) {
        return Plain.of(Objects.requireNonNull(progress.properties().get(name), name));
    }

    private static long percent(RunProgress progress) {
        return Plain.number(Plain.list(value(progress, "Progress")), 0);
    }

    @Test
    void thePercentageNeverGoesBack() {
        RunProgress progress = new RunProgress();
        List<Long> percents = new ArrayList<>();
        for (Progress.Step step : Progress.Step.values()) {
            progress.step(step, "");
            percents.add(percent(progress));
            progress.transfer(new Progress.Transfer("a", 1, 2, 50, 100));
            percents.add(percent(progress));
        }
        progress.end(true, "done");
        percents.add(percent(progress));

        assertThat(percents).isSorted().endsWith(100L);
    }

    @Test
    void halfOfTheBytesIsHalfOfTheFetching() {
        RunProgress progress = new RunProgress();
        progress.step(Progress.Step.PULL, "");
        progress.transfer(new Progress.Transfer("a", 1, 2, 50, 100));
        progress.transfer(new Progress.Transfer("a", 1, 2, 40, 100));

        assertThat(percent(progress)).isEqualTo(50);
        assertThat(Plain.list(value(progress, "Bytes"))).isEqualTo(List.of(50L, 100L));
    }

    @Test
    void theCommitIsThePointOfNoReturn() {
        RunProgress progress = new RunProgress();
        progress.step(Progress.Step.CONFIRM, "");
        assertThat(progress.pointOfNoReturn()).isFalse();
        progress.step(Progress.Step.COMMIT, "");
        assertThat(progress.pointOfNoReturn()).isTrue();
    }

    @Test
    void aWarningIsToldAndAZeroByteIsNotSent() {
        RunProgress progress = new RunProgress();
        progress.warning("one");
        progress.step(Progress.Step.READ, "a\0b");
        assertThat(value(progress, "Warnings")).isEqualTo(List.of("one"));
        assertThat(value(progress, "StepDetail")).isEqualTo("a\uFFFDb");
    }
}
