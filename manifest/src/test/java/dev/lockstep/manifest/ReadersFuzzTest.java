package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lockstep.manifest.KubeManifest.Dialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever bytes a reader is given, it answers with a value or its one exception. An ordinary run takes the seeds beside this class; the script
 * {@code integration-tests/src/test/scripts/fuzz} looks for more. The class is in the package under test because Jazzer instruments that one.
 */
class ReadersFuzzTest {
    private static Path directory = Path.of("");

    @BeforeAll
    static void makeRoot() throws IOException {
        directory = Files.createTempDirectory("fuzz");
    }

    @AfterAll
    static void removeRoot() throws IOException {
        Files.delete(directory);
    }

    @FuzzTest(maxDuration = "10m")
    void unitFile(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        if (UnitFile.parse("/a.image", text) instanceof UnitFile.Good good) {
            long lines = text.lines().count() + 1;
            assertThat(good.unit().assignments()).allSatisfy(at -> {
                assertThat(at.key()).isNotEmpty();
                assertThat(at.line()).isBetween(1, (int) lines);
            });
        }
    }

    @FuzzTest(maxDuration = "10m")
    void toml(byte[] data) throws IOException {
        Findings findings = new Findings();
        try (RootTree root = RootTree.open(directory)) {
            new TomlFiles(root, findings).parse("/a.toml", data);
        }
        isWhole(findings.summary());
    }

    @FuzzTest(maxDuration = "10m")
    void yaml(byte[] data) {
        for (Dialect dialect : Dialect.values()) {
            KubeManifest manifest = KubeManifest.parse("/a.yaml", data, dialect);
            isWhole(new BoundImages(List.of(), manifest.problems()));
        }
    }

    private static void isWhole(BoundImages bound) {
        assertThat(bound.problems()).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.hint()).isNotBlank();
            assertThat(problem.toString()).doesNotContain("\u001b", "\n");
        });
    }

    @FuzzTest(maxDuration = "10m")
    void reference(byte[] data) {
        try {
            ImageReference reference = ImageReference.parse(new String(data, StandardCharsets.UTF_8));
            assertThat(ImageReference.parse(reference.toString())).isEqualTo(reference);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @FuzzTest(maxDuration = "10m")
    void containerfile(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        List<Containerfile.Instruction> instructions = Containerfile.parse(text);
        assertThat(instructions).allSatisfy(at -> {
            assertThat(at.keyword()).isNotEmpty();
            assertThat(at.line()).isBetween(1, (int) text.lines().count() + 1);
        });
        assertThat(BuildStages.images(instructions, Map.of("A", "1"), Optional.empty()))
                .allSatisfy(image -> assertThat(image.text()).isNotEqualTo("scratch"));
    }
}
