package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * podman's own unit files, with what the real Quadlet made of them. They are not ours to copy, so they are read where they are kept, and
 * without them there is nothing to hold us to.
 */
final class QuadletEndToEndTest {
    private static final Path CORPUS = Path.of("../../shared/quadlet-e2e");
    private static final Path ARCHIVE = CORPUS.resolve("quadlet-e2e.tar.xz");
    private static final int CASES = 305;
    private static final Pattern CONVERTING = Pattern.compile("converting \"([^\"]+)\": .*");

    @TempDir
    static Path unpacked = Path.of("");

    private static synchronized Path cases() throws IOException {
        if (!Files.isDirectory(CORPUS)) {
            String words = "SKIPPED: podman's own Quadlet files are not at "
                    + CORPUS.toAbsolutePath().normalize();
            System.err.println(words);
            Assumptions.abort(words);
        }
        Path cases = unpacked.resolve("e2e");
        if (!Files.isDirectory(cases)) {
            TestRoot.run("tar", "-xJf", ARCHIVE.toAbsolutePath().toString(), "-C", unpacked.toString());
        }
        return cases;
    }

    private static List<Path> all() throws IOException {
        try (Stream<Path> list = Files.list(cases())) {
            return list.filter(directory -> Files.exists(directory.resolve("expected.json")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allOfThemAreThere() throws IOException {
        assertThat(all()).hasSize(CASES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.4.2", "5.8.6"})
    void everyUnitIsReadAsTheRealQuadletReadsIt(String version) throws IOException {
        QuadletVersion quadlet = QuadletVersion.parse(version).orElseThrow();
        for (Path directory : all()) {
            JsonNode expected = new ObjectMapper()
                    .readTree(directory.resolve("expected.json").toFile())
                    .path("expected")
                    .path(version);
            assertThat(QuadletVerdicts.of(directory.resolve("root"), quadlet))
                    .as("%s as Quadlet %s reads it", directory.getFileName(), version)
                    .isEqualTo(expected(expected));
        }
    }

    private static Map<String, List<String>> expected(JsonNode recorded) {
        Map<String, List<String>> units = new TreeMap<>();
        for (JsonNode error : recorded.path("errors")) {
            Matcher converting = CONVERTING.matcher(error.asText());
            assertThat(converting.matches()).as(error.asText()).isTrue();
            units.put(converting.group(1), List.of("rejected"));
        }
        for (JsonNode unit : recorded.path("units")) {
            String source = unit.path("source").asText();
            units.put(source.substring(source.lastIndexOf('/') + 1), lines(unit));
        }
        return units;
    }

    private static List<String> lines(JsonNode unit) {
        List<String> lines = new ArrayList<>();
        lines.add("service " + unit.path("service").asText().replaceFirst("\\.service$", ""));
        switch (unit.path("type").asText()) {
            case "image" -> {
                JsonNode pull = unit.path("pull");
                lines.add("image " + pull.path("image").asText());
                pull.path("global").forEach(word -> lines.add("global " + word.asText()));
                pull.path("flags_sorted").forEach(flag -> lines.add("flag " + joined(flag)));
                pull.path("extra_positionals").forEach(word -> lines.add("word " + word.asText()));
            }
            case "artifact" -> artifact(unit, lines);
            case "container" -> container(unit, lines);
            case "volume" -> unit.path("images").forEach(image -> lines.add("image " + image.asText()));
            case "kube" -> unit.path("yaml").forEach(yaml -> lines.add("yaml " + yaml.asText()));
            case "build" -> unit.path("tags").forEach(tag -> lines.add("tag " + tag.asText()));
            default -> {}
        }
        return lines;
    }

    private static void artifact(JsonNode unit, List<String> lines) {
        lines.add("artifact " + unit.path("artifact").asText());
        List<String> words = new ArrayList<>();
        unit.path("argv").forEach(word -> words.add(word.asText()));
        List<String> flags = new ArrayList<>();
        int command = words.indexOf("artifact");
        words.subList(1, command).forEach(word -> lines.add("global " + word));
        for (int i = command + 2; i < words.size() - 1; i++) {
            boolean bare = List.of("--quiet", "--tls-verify").contains(words.get(i))
                    || words.get(i).contains("=");
            flags.add("flag " + words.get(i) + (bare ? "" : " " + words.get(++i)));
        }
        flags.sort(null);
        lines.addAll(flags);
    }

    private static void container(JsonNode unit, List<String> lines) {
        lines.add(
                unit.has("rootfs")
                        ? "rootfs " + unit.path("rootfs").asText()
                        : "image " + unit.path("images").path(0).asText());
        unit.path("mounts")
                .forEach(mount -> lines.add("mount " + mount.path("type").asText() + " "
                        + mount.path("source").asText()));
        unit.path("pullflags").forEach(flag -> lines.add("flag " + joined(flag)));
        List<String> words = new ArrayList<>();
        unit.path("argv").forEach(word -> words.add(word.asText()));
        words.subList(1, words.indexOf("run")).forEach(word -> lines.add("global " + word));
    }

    private static String joined(JsonNode words) {
        String[] all = new String[words.size()];
        Arrays.setAll(all, i -> words.path(i).asText());
        return String.join(" ", all);
    }
}
