package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our own cases, with what the real Quadlet makes of them: {@code quadlet-record} runs the binary of Debian's packages in the root of each case
 * and writes its results down.
 */
final class QuadletRecordedTest {
    private static final int FEWEST_CASES = 200;
    private static final Map<String, List<String>> PANIC = Map.of("", List.of("panic"));

    @TempDir
    Path temporary = Path.of("");

    private static JsonNode read(String name) throws IOException {
        try (InputStream text = QuadletRecordedTest.class.getResourceAsStream("/quadlet/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(text, name));
        }
    }

    private static Stream<JsonNode> cases() throws IOException {
        return StreamSupport.stream(read("cases.json").path("cases").spliterator(), false);
    }

    static List<String> names() throws IOException {
        return cases().map(each -> each.path("name").asText()).toList();
    }

    private TestRoot root(JsonNode test, String name) {
        TestRoot root = TestRoot.bare(temporary.resolve(name));
        root.directory("/etc");
        test.path("directories").forEach(path -> root.directory(path.asText()));
        test.path("files")
                .fieldNames()
                .forEachRemaining(
                        path -> root.file(path, content(test.path("files").path(path))));
        test.path("links")
                .fieldNames()
                .forEachRemaining(
                        path -> root.link(path, test.path("links").path(path).asText()));
        return root;
    }

    private static byte[] content(JsonNode value) {
        if (value.isArray()) {
            StringBuilder text = new StringBuilder();
            value.forEach(line -> text.append(line.asText()).append('\n'));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        String text = value.asText();
        return text.startsWith("hex:")
                ? HexFormat.of().parseHex(text.substring("hex:".length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, List<String>> recorded(JsonNode units) {
        Map<String, List<String>> verdicts = new TreeMap<>();
        units.fieldNames().forEachRemaining(unit -> {
            List<String> lines = new ArrayList<>();
            units.path(unit).forEach(line -> lines.add(line.asText()));
            verdicts.put(unit, lines);
        });
        return verdicts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.4.2", "5.8.6"})
    void everyCaseIsReadAsTheRealQuadletReadsIt(String version) throws IOException {
        JsonNode record = read("recorded-" + version + ".json");
        assertThat(record.path("quadlet").asText()).isEqualTo(version);
        QuadletVersion quadlet = QuadletVersion.parse(version).orElseThrow();
        List<String> differing = new ArrayList<>();
        for (JsonNode test : cases().toList()) {
            String name = test.path("name").asText();
            Map<String, List<String>> wanted = recorded(record.path("cases").path(name));
            TestRoot root = root(test, name);
            Map<String, List<String>> ours = wanted.equals(PANIC)
                    ? QuadletVerdicts.ofDying(root.path(), quadlet)
                    : QuadletVerdicts.of(root.path(), quadlet);
            if (!ours.equals(wanted)) {
                differing.add(name + "\n  Quadlet: " + wanted + "\n  we:      " + ours);
            }
        }
        assertThat(differing).isEmpty();
        assertThat(record.path("cases").size()).isEqualTo(names().size()).isGreaterThanOrEqualTo(FEWEST_CASES);
    }

    /** What no version in between is recorded for: each unit must be read as by one of the two neighbours, which mostly agree. */
    @ParameterizedTest
    @ValueSource(strings = {"5.5.0", "5.6.2", "5.7.1", "5.8.1"})
    void aVersionInBetweenReadsEveryUnitAsOneOfItsNeighbours(String version) throws IOException {
        QuadletVersion quadlet = QuadletVersion.parse(version).orElseThrow();
        JsonNode older = read("recorded-5.4.2.json").path("cases");
        JsonNode newer = read("recorded-5.8.6.json").path("cases");
        List<String> differing = new ArrayList<>();
        for (JsonNode test : cases().toList()) {
            String name = test.path("name").asText();
            Map<String, List<String>> before = recorded(older.path(name));
            Map<String, List<String>> after = recorded(newer.path(name));
            Map<String, List<String>> ours = QuadletVerdicts.of(root(test, name).path(), quadlet);
            Set<String> units = new TreeSet<>(ours.keySet());
            units.addAll(before.keySet());
            units.addAll(after.keySet());
            units.remove("");
            for (String unit : units) {
                List<String> said = ours.getOrDefault(unit, List.of());
                if (!said.equals(before.getOrDefault(unit, List.of()))
                        && !said.equals(after.getOrDefault(unit, List.of()))) {
                    differing.add(name + " " + unit + ": " + said);
                }
            }
        }
        assertThat(differing).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "dependency-missing, 5.4.9, 5.5.0",
        "retry, 5.4.9, 5.5.0",
        "specific-in-later-directory, 5.5.9, 5.6.0",
        "mount-without-type, 5.5.9, 5.6.0",
        "policy, 5.5.9, 5.6.0",
        "artifact, 5.6.9, 5.7.0",
        "two-manifests, 5.6.9, 5.7.0",
        "service-of-template, 5.6.9, 5.7.0",
        "build-with-specifier, 5.6.9, 5.7.0",
        "quote-at-start, 5.8.1, 5.8.2"
    })
    void eachChangeCameWithItsVersion(String name, String last, String first) throws IOException {
        JsonNode test = cases().filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
        Path root = root(test, name).path();
        assertThat(QuadletVerdicts.of(root, QuadletVersion.parse(last).orElseThrow()))
                .isEqualTo(recorded(read("recorded-5.4.2.json").path("cases").path(name)));
        assertThat(QuadletVerdicts.of(root, QuadletVersion.parse(first).orElseThrow()))
                .isEqualTo(recorded(read("recorded-5.8.6.json").path("cases").path(name)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleHasTwoCasesAndIsInTheTable(String rule) throws IOException {
        List<String> covering = cases().filter(
                        test -> StreamSupport.stream(test.path("rules").spliterator(), false)
                                .anyMatch(named -> named.asText().equals(rule)))
                .map(test -> test.path("name").asText())
                .toList();
        assertThat(covering).hasSizeGreaterThanOrEqualTo(2);
        String text = read("cases.json").path("rules").path(rule).asText();
        assertThat(Files.readString(Path.of("../docs/quadlet-rules.md")))
                .contains("| " + rule + " | " + text + " | " + String.join(", ", covering) + " |");
    }

    static List<String> rules() throws IOException {
        List<String> rules = new ArrayList<>();
        read("cases.json").path("rules").fieldNames().forEachRemaining(rules::add);
        return rules;
    }

    @Test
    void namesOfCasesAreUnique() throws IOException {
        assertThat(names()).doesNotHaveDuplicates();
    }
}
