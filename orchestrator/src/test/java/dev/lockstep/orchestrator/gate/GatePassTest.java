package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatePassTest {

    @TempDir
    Path directory;

    private GatePass pass = GatePassPropertyTest.anyPass("a", "b", "c");

    @BeforeEach
    void aPass() throws Exception {
        TestingHost host = TestingHost.ready(directory);
        pass = host.pass(
                host.deployment(),
                TestingHost.BOOT,
                Optional.of(new GatePass.Forced("root by way of ann", "no room\n100% sure \u001b[1m")));
    }

    /** A file with other lines, whose checksum is right. */
    private static byte[] withLines(String text) {
        String above = text.substring(0, text.lastIndexOf("end "));
        return (above + "end " + LineFile.sha256(above.getBytes(StandardCharsets.UTF_8)) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return new String(pass.encode(), StandardCharsets.UTF_8);
    }

    @Test
    void itIsReadBack() throws Exception {
        assertThat(GatePass.parse(pass.encode())).isEqualTo(pass);
        assertThat(text())
                .startsWith("dev.lockstep.gate-pass/v1\nboot " + TestingHost.BOOT + "\n")
                .contains("\nforced root%20by%20way%20of%20ann no%20room%0A100%25%20sure%20%1B[1m\nend ");
    }

    @Test
    void itIsNeverTakenForWholeWhenItIsCut() {
        byte[] whole = pass.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> GatePass.parse(cut)).as("cut at " + length).isInstanceOf(LineFileException.class);
        }
    }

    @Test
    void everyChangedByteIsNoticed() {
        byte[] whole = pass.encode();
        for (int place = 0; place < whole.length; place++) {
            byte[] changed = whole.clone();
            changed[place] ^= 1;
            assertThatThrownBy(() -> GatePass.parse(changed)).as("at " + place).isInstanceOf(LineFileException.class);
        }
        assertThatThrownBy(() -> GatePass.parse((text() + "\n").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LineFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boot .*             | boot x                      | line 2: not a UUID: x",
                "boot .*             | boot                        | line 2: 'boot' has 0 values instead of 1",
                "stateroot os        | stateroot ..                | line 5: not a deployment: ../bbb",
                "deployment b        | deployment x                | line 5: not a deployment: os/x",
                "transaction .*      | boot x                      | line 3: 'transaction' should be here",
                "directory .*        | directory 1                 | line 6: not INODE@NANOSECONDS: 1",
                "fingerprint dir     | fingerprint Dir             | line 7: not a kind of file: Directory",
                "fingerprint absent /| fingerprint absent x/       | line 9: not an absolute path",
                "image /\\S* 1       | image /x x1                 | line 10: not an image's ID: x1",
                "ABCDEFGHI           | abc                         | line 10: not ID:LINK",
                "forced root         | forced root x               | line 11: 'forced' has 3 values instead of 2",
                "forced root         | forced %72oot               | line 11: a value is not encoded as it should be",
                "forced root         | forced %1boot               | line 11: a value is not encoded as it should be",
                "forced root         | forced %1                   | line 11: a percent sign",
                "forced root         | forcd root                  | line 11: 'forcd' is not expected here",
                "image /             | more /                      | line 10: 'more' is not expected here",
                "pass/v1             | pass/v2                     | line 1: it is not 'dev.lockstep.gate-pass/v1'",
            })
    void everyDeviationIsToldWithItsLine(String what, String by, String message) {
        byte[] changed = withLines(text().replaceFirst(what.strip(), by.strip()));
        assertThatThrownBy(() -> GatePass.parse(changed))
                .isInstanceOf(LineFileException.class)
                .hasMessageContaining(message);
    }
}
