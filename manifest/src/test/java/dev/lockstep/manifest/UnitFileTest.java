package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar as podman's own parser has it, not as systemd has it. */
final class UnitFileTest {

    private static List<Assignment> parsed(String text) {
        return switch (UnitFile.parse(text)) {
            case UnitFile.Good good -> good.unit().assignments();
            case UnitFile.Malformed malformed ->
                throw new AssertionError("line " + malformed.line() + " " + malformed.message());
        };
    }

    private static String value(String text) {
        return parsed(text).getLast().value();
    }

    @Test
    void sectionsThatRepeatGoOnAndTheLastAssignmentCountsEvenIfItIsEmpty() {
        UnitFile unit = new UnitFile(parsed("""
                # a comment
                [Image]
                Image=first
                [Unit]
                Image=other

                [Image]
                ; another
                Image=second
                Arch=arm64
                Arch=
                """));
        assertThat(unit.last("Image", "Image")).contains(new Assignment("Image", "Image", "second", 9));
        assertThat(unit.last("Image", "Arch").orElseThrow().value()).isEmpty();
        assertThat(unit.last("image", "Image")).isEmpty();
        assertThat(unit.last("Image", "image")).isEmpty();
    }

    @Test
    void aContinuationAddsNoSpaceAndKeepsTheOneBeforeTheBackslash() {
        assertThat(value("[I]\nK=a/   \\\n   b")).isEqualTo("a/   b");
        assertThat(value("[I]\nK=a\\\\\nb")).isEqualTo("a\\b");
        assertThat(value("[I]\nK=a\\  \n\tb\r\n")).isEqualTo("ab");
        assertThat(parsed("[I]\n\nK=\\\na\nL=b"))
                .containsExactly(new Assignment("I", "K", "a", 3), new Assignment("I", "L", "b", 5));
    }

    @Test
    void commentsAndBlankLinesInsideAContinuationAreSkipped() {
        assertThat(value("[I]\nK=a\\\n# comment \\\n\n;x\nb")).isEqualTo("ab");
        assertThat(value("[I]\nK=a\\\n[Image]")).isEqualTo("a[Image]");
    }

    @Test
    void aContinuationAtTheEndLosesItsBackslashOrBeforeCommentsTheWholeKey() {
        assertThat(value("[I]\nK=a\\")).isEqualTo("a");
        assertThat(value("[I]\nK=a\\\n")).isEqualTo("a");
        assertThat(parsed("[I]\nK=a\\\n\n")).isEmpty();
        assertThat(parsed("[I]\nK=a\\\n# end\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "  K = v  |v",
                "K=a=b|a=b",
                "K=v # no comment|v # no comment",
                "K=\"q\"|\"q\"",
                "[x] K=v|v",
                "K=\u00A0v\u3000|\u00A0v"
            })
    void linesAreTrimmedAndSplitAtTheFirstEqualsSign(String line, String value) {
        assertThat(value("[I]\n" + line + "\n")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "K=v|1",
                "[I]~junk|2",
                "[I]~~=v|3",
                "[]|1",
                "[a[b]|1",
                "[I] x|1",
                "\uFEFF[I]|1",
                "[I]~K=v~[Unclosed~K=v|3"
            })
    void whatQuadletRejectsIsToldWithItsLine(String text, int line) {
        assertThat(UnitFile.parse(text.replace('~', '\n')))
                .isInstanceOfSatisfying(
                        UnitFile.Malformed.class,
                        malformed -> assertThat(malformed.line()).isEqualTo(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\\", "# only\n", "[Empty]\n"})
    void aFileMayHoldNothing(String text) {
        assertThat(parsed(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a%%b, a%b, ",
        "a$$b, a$b, ",
        "mid$NAME, mid$NAME, ",
        "a%ib, , %i",
        "end%, end%, ",
        "$NAME, , $NAME",
        "a${NAME}b, , ${NAME}",
        "a${open, , ${open",
        "plain, plain, "
    })
    void specifiersAndVariablesAreUndoneOrRefused(String word, String text, String unknown) {
        assertThat(SystemdText.expand(word))
                .isEqualTo(unknown == null ? new SystemdText.Text(text) : new SystemdText.Unknown(unknown));
    }

    @ParameterizedTest
    @CsvSource({
        "web.container, web.container.d container.d",
        "a-b-c.image, a-b-c.image.d a-b-.image.d a-.image.d image.d",
        "a@.image, a@.image.d image.d",
        "a-b@i-j.image, a-b@i-j.image.d a-b@.image.d a-@.image.d a-.image.d image.d"
    })
    void dropInDirectoriesGoFromTheUnitToItsType(String unit, String names) {
        assertThat(String.join(" ", QuadletDropIns.names(unit))).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource({"5s, PT5S", "1m30s, PT1M30S", "1.5h, PT1H30M", "250ms, PT0.25S", "0, PT0S"})
    void durationsAreGos(String text, String duration) {
        assertThat(GoDuration.parse(text))
                .hasValueSatisfying(value -> assertThat(value).hasToString(duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5x", "5s ", "1h x", "99999999999999s"})
    void whatIsNoDurationIsNone(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }
}
