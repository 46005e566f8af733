package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Held against Jackson: what is taken means the same, and what Jackson writes is taken. */
final class JsonTextPropertyTest {
    private static final ObjectMapper JACKSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

    @Property(tries = 300)
    void whatJacksonWritesMeansTheSame(@ForAll("documents") JsonNode document) throws IOException {
        assertThat(plain(JsonText.parse(JACKSON.writeValueAsBytes(document)))).isEqualTo(plain(document));
        byte[] pretty = JACKSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
        assertThat(plain(JsonText.parse(pretty))).isEqualTo(plain(document));
    }

    @Property(tries = 1500)
    void whatIsTakenJacksonTakesAsTheSame(@ForAll("pieces") String text) throws IOException {
        compare(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 500)
    void aDamagedDocumentIsRefusedOrMeansTheSame(
            @ForAll("documents") JsonNode document, @ForAll int place, @ForAll byte value, @ForAll int cut)
            throws IOException {
        byte[] bytes = JACKSON.writeValueAsBytes(document);
        bytes[Math.floorMod(place, bytes.length)] = value;
        compare(bytes);
        compare(Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length)));
    }

    private static void compare(byte[] bytes) throws IOException {
        Object value;
        try {
            value = JsonText.parse(bytes);
        } catch (IOException e) {
            assertThat(e.getMessage()).startsWith("it is not ");
            return;
        }
        assertThat(plain(value)).isEqualTo(plain(JACKSON.readTree(bytes)));
    }

    /** One form for both. */
    private static Object plain(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), plain(entry.getValue())))
                        .toList();
            case List<?> list -> list.stream().map(JsonTextPropertyTest::plain).toList();
            case Long number -> new BigDecimal(number).stripTrailingZeros();
            case BigDecimal number -> number.stripTrailingZeros();
            case JsonNode node -> plain(node);
            default -> value;
        };
    }

    private static Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT ->
                node.properties().stream()
                        .map(entry -> List.of(entry.getKey(), plain(entry.getValue())))
                        .toList();
            case ARRAY -> node.valueStream().map(JsonTextPropertyTest::plain).toList();
            case STRING -> node.textValue();
            case NUMBER -> node.decimalValue().stripTrailingZeros();
            case BOOLEAN -> node.booleanValue();
            default -> JsonText.NULL;
        };
    }

    @Provide
    Arbitrary<JsonNode> documents() {
        return documents(3);
    }

    private static Arbitrary<JsonNode> documents(int levels) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        Arbitrary<String> texts = Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text -> text.chars().noneMatch(unit -> Character.isSurrogate((char) unit)));
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                texts.map(nodes::textNode),
                Arbitraries.longs().map(nodes::numberNode),
                Arbitraries.bigDecimals().map(nodes::numberNode),
                Arbitraries.of(true, false).map(nodes::booleanNode),
                Arbitraries.of(1).map(one -> nodes.nullNode()));
        if (levels == 0) {
            return leaves;
        }
        Arbitrary<JsonNode> deeper = documents(levels - 1);
        return Arbitraries.oneOf(
                leaves,
                deeper.list().ofMaxSize(4).map(list -> nodes.arrayNode().addAll(list)),
                Arbitraries.maps(texts, deeper)
                        .ofMaxSize(4)
                        .map(map -> nodes.objectNode().setAll(map)));
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\"a\"",
                        "\"b\"",
                        "\"\\u00e9\"",
                        "\"\\uD83D\\uDE00\"",
                        "\\",
                        "\\x",
                        "1",
                        "0",
                        "-",
                        ".5",
                        "e9",
                        "1.5E+3",
                        "1e999999999999",
                        "01",
                        "true",
                        "tru",
                        "false",
                        "null",
                        " ",
                        "\n",
                        "\t",
                        "\u0001",
                        "\"\u0001\"",
                        "ü",
                        "/",
                        "//",
                        "NaN",
                        "'a'")
                .list()
                .ofMaxSize(9)
                .map(list -> String.join("", list));
    }
}
