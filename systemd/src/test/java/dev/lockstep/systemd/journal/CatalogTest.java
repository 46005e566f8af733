package dev.lockstep.systemd.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every event has an identifier, and every identifier is explained in the catalogue and in the man page. */
class CatalogTest {
    private static final Path CATALOG = Path.of("src/main/catalog/lockstep.catalog");
    private static final Path PAGE = Path.of("../docs/man/lockstep-journal-fields.7");

    @TempDir
    Path root;

    private static List<String> identifiers() {
        return Stream.of(Event.values())
                .map(event -> Message.of(event).id())
                .sorted()
                .toList();
    }

    @Test
    void identifiersAre128BitsAndEachBelongsToOneEvent() {
        assertThat(identifiers()).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void theCatalogueExplainsEachOfThemAndNothingElse() throws IOException {
        List<String> explained = Files.readAllLines(CATALOG).stream()
                .filter(line -> line.startsWith("-- "))
                .map(line -> line.substring(3))
                .sorted()
                .toList();

        assertThat(explained).isEqualTo(identifiers());
    }

    @Test
    void theManPageNamesEachOfThemWithItsEvent() throws IOException {
        String page = Files.readString(PAGE).replace("\\-", "-");

        for (Event event : Event.values()) {
            assertThat(page)
                    .contains(".B " + event.label() + "\n" + Message.of(event).id());
        }
    }

    @Test
    void theJournalsOwnProgramTakesTheCatalogue() throws Exception {
        Path place = Files.createDirectories(root.resolve("usr/lib/systemd/catalog"));
        Files.copy(CATALOG, place.resolve("lockstep.catalog"));

        assertThat(journalctl("--update-catalog")).isEmpty();

        assertThat(journalctl("--list-catalog")
                        .lines()
                        .map(line -> line.substring(0, 32))
                        .sorted())
                .isEqualTo(identifiers());
    }

    private String journalctl(String verb) throws Exception {
        Process process = new ProcessBuilder("journalctl", verb, "--root=" + root)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
