package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.KubeManifest.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of Kubernetes objects that is made to take all time or memory is one error. */
final class YamlBoundsTest {

    private static KubeManifest read(String text, Dialect dialect) {
        return KubeManifest.parse("/a.yaml", text.getBytes(StandardCharsets.UTF_8), dialect);
    }

    private static void isRefused(String text, String words) {
        assertThat(read(text, Dialect.PODMAN).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("YAML_SYNTAX");
            assertThat(problem.line()).isPresent();
            assertThat(problem.message()).contains(words);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "{[", "? ", "? - "})
    void depthIsBounded(String level) {
        isRefused(level.repeat(10_000), "nested deeper than 200 levels");
    }

    @Test
    void depthByIndentationIsBounded() {
        isRefused(
                IntStream.range(0, 1_500).mapToObj(i -> " ".repeat(i) + "a:\n").collect(Collectors.joining()),
                "nested deeper than 200 levels");
    }

    @Test
    void aDepthThatRealManifestsHaveIsTaken() {
        String deep = "a: " + "[".repeat(150) + "]".repeat(150);
        assertThat(read("kind: Secret\n" + deep, Dialect.PODMAN).problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBillionLaughsThatNobodyAsksForCostNothing(Dialect dialect) {
        assertThat(read("kind: Secret\n" + laughs("[x]"), dialect).problems()).isEmpty();
    }

    /** Lists of lists of lists of objects, all of them one. */
    private static String laughs(String first) {
        StringBuilder text = new StringBuilder("a0: &a0 " + first + "\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d [%s]\n"
                    .formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, "*a" + (i - 1)))));
        }
        return text.toString();
    }

    @Test
    void listsThatAliasesMultiplyAreBounded() {
        String containers = "&c [" + String.join(",", java.util.Collections.nCopies(500, "&i {image: 'a.b/c'}")) + "]";
        String pods = "- {kind: Pod, spec: {containers: " + containers + "}}\n"
                + "- {kind: Pod, spec: {containers: *c}}\n".repeat(500);
        KubeManifest manifest = read("kind: List\nitems:\n" + pods, Dialect.PODMAN);
        assertThat(manifest.images()).hasSize(10_000);
        assertThat(manifest.problems())
                .extracting(Problem::message)
                .allSatisfy(message -> assertThat(message).contains("more than 10000 images"))
                .isNotEmpty();
    }

    @Test
    void objectsThatAliasesMultiplyAreBounded() {
        String item =
                "{kind: List, items: &l0 [" + "{kind: Pod, spec: {containers: [{image: 'a.b/c'}]}},".repeat(10) + "]}";
        StringBuilder text = new StringBuilder("kind: List\nitems:\n- " + item + "\n");
        for (int i = 1; i < 8; i++) {
            text.append("- {kind: List, items: &l%d [%s]}\n"
                    .formatted(i, ("{kind: List, items: *l" + (i - 1) + "},").repeat(10)));
        }
        KubeManifest manifest = read(text.toString(), Dialect.KUBERNETES);
        assertThat(manifest.images()).hasSizeLessThanOrEqualTo(10_000);
        assertThat(manifest.problems()).isNotEmpty();
    }

    @Test
    void sizeAndNumberOfValuesAreBounded() {
        isRefused("a: '" + "x".repeat(5 << 20) + "'", "is longer than 4194304 characters");
        isRefused("[" + "a,".repeat(300_000) + "]", "more than 250000 values");
        String wide = "a: &a {"
                + IntStream.range(0, 1000).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining(", ")) + "}\n";
        isRefused(
                wide
                        + IntStream.range(0, 1000)
                                .mapToObj(i -> "b" + i + ": {<<: *a}\n")
                                .collect(Collectors.joining()),
                "more than 250000 values");
    }
}
