package dev.lockstep.systemd.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lockstep.orchestrator.Reports;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonInputTest {
    private static final Reports.Image IMAGE =
            new Reports.Image("a:1", "bind", Optional.of("sha256:1"), 5, Reports.ImageState.DAMAGED, "hollow");

    @Test
    void aReportComesBackAsItWas() {
        Reports.Outcome outcome = new Reports.Outcome(
                Reports.Result.ROLLED_BACK,
                "Back.",
                Optional.empty(),
                Optional.of("2"),
                Optional.of("1"),
                List.of(IMAGE),
                1,
                2,
                3,
                4_000_000_000L,
                List.of("note"));

        assertThat(JsonInput.read(JsonOutput.text("x/v1", outcome), Reports.Outcome.class))
                .isEqualTo(outcome);
    }

    @Test
    void aStatusWithAnOpenTransactionComesBackAsItWas() {
        Reports.Status status = new Reports.Status(
                "/",
                "os",
                "A.",
                List.of(new Reports.DeploymentStatus(
                        "booted", "1", "c", 0, Optional.of("1"), Optional.empty(), List.of(), true)),
                Optional.of(new Reports.TransactionStatus(
                        "id", "ready", "b:2", Optional.empty(), Instant.EPOCH, List.of(IMAGE))),
                Optional.empty(),
                true,
                List.of());

        assertThat(JsonInput.read(JsonOutput.text("x/v1", status), Reports.Status.class))
                .isEqualTo(status);
    }

    @Test
    void aListIsUnderItsEntries() {
        List<Reports.HistoryEntry> entries = List.of(new Reports.HistoryEntry(
                Instant.EPOCH,
                "began",
                Optional.empty(),
                Optional.of("b:2"),
                Optional.of("c.0"),
                Optional.empty(),
                "so",
                Optional.of("boot"),
                Optional.empty()));

        assertThat(JsonInput.readList(JsonOutput.text("x/v1", entries), Reports.HistoryEntry.class))
                .isEqualTo(entries);
    }

    @Test
    void whatIsNoReportIsSaid() {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonInput.read("{", Reports.Check.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonInput.read("{\"target\":\"a\"}", Reports.Check.class))
                .withMessageContaining("missing");
    }
}
