package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Reports;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Answers as a person reads them. */
class TextOutputTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final Reports.Image WHOLE = new Reports.Image(
            "registry.example/a-long-name:1", "bind", Optional.of(DIGEST), 4_400_000, Reports.ImageState.PRESENT, "");
    private static final Reports.Image BROKEN = new Reports.Image(
            "registry.example/b:1", "prefetch", Optional.empty(), 0, Reports.ImageState.UNRESOLVED, "");
    private static final Reports.DeploymentStatus NEXT = new Reports.DeploymentStatus(
            "next",
            "2 (abababab.0)",
            "ab".repeat(32),
            0,
            Optional.of("2"),
            Optional.of("registry.example/os:2"),
            List.of(WHOLE, BROKEN),
            true);

    @Test
    void aCheckSaysWhatIsNewAndWhatItWouldFetch() {
        Reports.Plan plan = new Reports.Plan(3, 1, 2, 4_400_000, 9_000_000, 50_000_000, List.of("the commit"));

        assertThat(TextOutput.check(new Reports.Check("registry.example/os:3", "d", Optional.of("c"), true, plan)))
                .isEqualToNormalizingNewlines("""
                        There is something new: registry.example/os:3
                          is   d
                          here c

                          3 images, 1 present, 2 layers, 4.2 MiB to fetch, 8.6 MiB needed, 47.7 MiB free
                          not counted: the commit
                        """);
    }

    @Test
    void aStatusSaysTheStateThenDeploymentsThenWhatIsUnderWay() {
        Reports.Status status = new Reports.Status(
                "/sysroot",
                "os",
                "2 (abababab.0) boots next.",
                List.of(NEXT),
                Optional.of(new Reports.TransactionStatus(
                        "an-id", "open", "registry.example/os:3", Optional.empty(), Instant.EPOCH, List.of())),
                Optional.of("ab".repeat(32) + ".0"),
                true,
                List.of("a note"));

        assertThat(StatusText.of(status, OptionalInt.empty())).isEqualToNormalizingNewlines("""
                        2 (abababab.0) boots next.

                        next     2 (abababab.0)  from registry.example/os:2  (tags are bound to it)
                          2 images: 1 present, 1 unresolved
                          registry.example/b:1            -                    -        unresolved (prefetch)
                          registry.example/a-long-name:1  sha256:abababababab  4.2 MiB  present

                        open transaction to registry.example/os:3
                          open, since %s, an-id
                          binds no images

                        note: a note
                        """.formatted(
                        java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                                .withZone(java.time.ZoneId.systemDefault())
                                .format(Instant.EPOCH)));
    }

    @Test
    void aNarrowTerminalGetsNoDigestsAndNoSizes() {
        assertThat(StatusText.deployments(List.of(NEXT), Optional.empty(), OptionalInt.of(60)))
                .contains("  registry.example/a-long-name:1  present\n")
                .doesNotContain("sha256");
        assertThat(StatusCommand.columns(Map.of("COLUMNS", "60"))).hasValue(60);
        assertThat(StatusCommand.columns(Map.of("COLUMNS", "wide"))).isEmpty();
    }

    @Test
    void aHostThatIsNotWholeIsToldWhatToDo() {
        Reports.Status status = new Reports.Status(
                "/", "os", "2 is booted.", List.of(), Optional.empty(), Optional.empty(), false, List.of());

        assertThat(StatusText.of(status, OptionalInt.empty())).endsWith("run 'lockstep repair'\n");
    }

    @Test
    void anOutcomeSaysWhatBootsNextThenTheImages() {
        Reports.Outcome outcome = new Reports.Outcome(
                Reports.Result.COMMITTED,
                "Now B: 2 boots next.",
                Optional.of("an-id"),
                Optional.of("1"),
                Optional.of("2"),
                List.of(WHOLE),
                1,
                0,
                33,
                4_250,
                List.of());

        assertThat(TextOutput.outcome(outcome)).isEqualToNormalizingNewlines("""
                        Now B: 2 boots next.

                          registry.example/a-long-name:1  sha256:abababababab  4.2 MiB  present

                          1 fetched, 0 repaired, 0 present before; 33 programs took 4.3 s
                        """);
    }

    @Test
    void aBindingAVerificationAndAHistoryFitOnAScreen() {
        assertThat(TextOutput.binding(new Reports.Binding(
                        "c.0", List.of(new Reports.Binding.Tag("registry.example/a:1", DIGEST)), 1)))
                .startsWith("Bound: 1 tag means the image of c.0; 1 changed.");
        assertThat(TextOutput.verification(new Reports.Verification(true, List.of(NEXT), false)))
                .startsWith("The deployment that boots next lacks an image")
                .contains("Contents were recomputed.");
        assertThat(TextOutput.history(List.of(new Reports.HistoryEntry(
                        Instant.EPOCH,
                        "failed",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("STORE_FULL"),
                        "first line\nsecond line",
                        Optional.empty(),
                        Optional.empty()))))
                .contains("failed")
                .contains("first line")
                .doesNotContain("second line");
    }
}
