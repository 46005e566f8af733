package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.ResolvedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransfersTest {
    private final List<Progress.Transfer> told = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private final Transfers transfers = new Transfers(
            100,
            new SerialProgress(new Progress.Silent() {
                @Override
                public void transfer(Transfer transfer) {
                    told.add(transfer);
                }
            }),
            () -> now);

    private Transfers.Counter counter(String name) {
        return transfers.counter(new ResolvedImage(
                ImageReference.parse("registry.example/" + name + ":1"),
                "sha256:0",
                "sha256:0",
                "sha256:1",
                List.of()));
    }

    private static Progress.Transfer transfer(String name, long imageDone, long imageTotal, long done) {
        return new Progress.Transfer("registry.example/" + name + ":1", imageDone, imageTotal, done, 100);
    }

    @Test
    void whatSeveralImagesBringIsAddedUpAndToldFourTimesASecond() {
        Transfers.Counter a = counter("a");
        Transfers.Counter b = counter("b");
        a.begins(60);
        b.begins(40);
        a.received(10);
        b.received(5);
        now = now.plusMillis(250);
        a.received(20);

        assertThat(told).containsExactly(transfer("a", 10, 60, 10), transfer("a", 20, 60, 25));
    }

    @Test
    void theEndIsToldWhenItComes() {
        Transfers.Counter a = counter("a");
        a.begins(100);
        a.received(99);
        a.ends();

        assertThat(told).last().isEqualTo(transfer("a", 100, 100, 100));
    }

    @Test
    void aTryThatBeginsAgainNeverGoesBack() {
        Transfers.Counter a = counter("a");
        a.begins(100);
        a.received(70);
        now = now.plusSeconds(1);
        // 30 are in the store now; the other 40 are fetched again.
        a.begins(70);
        a.received(10);
        assertThat(told).containsExactly(transfer("a", 70, 100, 70));
        a.received(60);

        assertThat(told).last().isEqualTo(transfer("a", 90, 100, 90));
    }

    @Test
    void moreThanWasPlannedIsNotTold() {
        Transfers.Counter a = counter("a");
        Transfers.Counter b = counter("b");
        a.begins(80);
        a.ends();
        // A layer that another image was to bring.
        b.begins(60);
        b.ends();

        assertThat(told).last().isEqualTo(transfer("b", 60, 60, 100));
    }
}
