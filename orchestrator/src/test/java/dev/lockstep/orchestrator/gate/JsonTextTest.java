package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    private static Object parse(String text) throws Exception {
        return JsonText.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyKindOfValueIsRead() throws Exception {
        assertThat(parse("""
                 {"a": [1, -0, 1.50, true, false, null, "x\\n\\u00fc\\ud83d\\ude00\\/", ""], "b": {}, "c": []}
                """))
                .isEqualTo(Map.of(
                        "a",
                        List.of(1L, 0L, new java.math.BigDecimal("1.50"), true, false, JsonText.NULL, "x\nü😀/", ""),
                        "b",
                        Map.of(),
                        "c",
                        List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1",
                "[1,]",
                "{\"a\"}",
                "{\"a\":1,}",
                "{a:1}",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "--1",
                "tru",
                "nulll",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\u0007\"",
                "[] []",
                "{\"a\":1,\"a\":2}",
                "1e99999999999",
                "'a'",
                "NaN",
                "[1 2]",
                "\uFEFF[]"
            })
    void whatIsNotJsonIsRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(JsonTextException.class)
                .hasMessageContaining("at character");
    }

    @Test
    void endlessDepthIsRefused() {
        assertThatThrownBy(() -> parse("[".repeat(100_000))).hasMessageContaining("levels");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> JsonText.parse(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}))
                .hasMessage("it is not UTF-8");
    }
}
