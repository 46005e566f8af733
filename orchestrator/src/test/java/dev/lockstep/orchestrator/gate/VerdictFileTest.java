package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictFileTest {
    private static final VerdictFile VERDICT = new VerdictFile(
            Instant.parse("2026-12-01T07:00:00.123456789Z"),
            TestingHost.BOOT,
            Optional.of("os/" + TestingHost.CHECKSUM + ".1"),
            "NO_PASS",
            "there is no pass: 100% sure");

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Path file = directory.resolve("gate-verdict");
        assertThat(VerdictFile.read(file)).isEmpty();

        VERDICT.write(file);
        assertThat(VerdictFile.read(file)).contains(VERDICT);

        VerdictFile none = new VerdictFile(VERDICT.time(), "", Optional.empty(), "NOTHING_STAGED", "nothing");
        none.write(file);
        assertThat(VerdictFile.read(file)).contains(none);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aVerdictThatIsCutIsToldFromAWholeOne() {
        byte[] whole = VERDICT.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> VerdictFile.parse(cut)).isInstanceOf(LineFileException.class);
        }
    }

    @Test
    void anotherFileIsNoVerdict() {
        byte[] lines = new LineFile.Writer("dev.lockstep.gate-verdict/v1")
                .line("time", "x")
                .bytes();
        assertThatThrownBy(() -> VerdictFile.parse(lines)).hasMessage("line 3: 'boot' should be here");
        String text = new String(VERDICT.encode(), StandardCharsets.UTF_8);
        assertThatThrownBy(() ->
                        VerdictFile.parse(text.replace("NO_PASS", "NOTHING").getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("checksum");
    }

    @Test
    void withoutItsDirectoryItCannotBeWritten() {
        assertThatThrownBy(() -> VERDICT.write(directory.resolve("none/gate-verdict")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
