package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** References as real podman took them: {@code src/test/scripts/record-references} made the table. */
final class RecordedReferencesTest {
    private static final String HEADER = "# podman 5.8.6 of Debian sid";

    /**
     * One line of the table.
     *
     * @param how {@code is}, {@code short}, {@code other} or {@code not}
     * @param name what podman goes looking for when it {@code is} a registry's image, else empty
     */
    record Recorded(String reference, String how, String name) {
        @Override
        public String toString() {
            return OptionValues.cut(reference) + " " + how;
        }
    }

    private static List<String> lines() {
        try (InputStream table = RecordedReferencesTest.class.getResourceAsStream("/references.tsv")) {
            return new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Recorded> recorded() {
        return lines().stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(fields -> new Recorded(fields[0], fields[1], fields[2]))
                .toList();
    }

    @Test
    void theTableIsRealPodmansAndCoversAllOutcomes() {
        assertThat(lines().getFirst()).isEqualTo(HEADER);
        assertThat(recorded()).hasSizeGreaterThan(140);
        for (String how : List.of("is", "short", "other", "not")) {
            assertThat(recorded().stream().filter(line -> line.how().equals(how)))
                    .hasSizeGreaterThan(10);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aReferenceIsTakenAsPodmanTakesIt(Recorded line) {
        if (line.how().equals("is") && !line.name().matches(".*@sha(384|512):.*")) {
            ImageReference reference = ImageReference.parse(line.reference());
            assertThat(reference).hasToString(line.name());
            assertThat(ImageReference.parse(line.name())).isEqualTo(reference);
        } else {
            assertThatThrownBy(() -> ImageReference.parse(line.reference()))
                    .isInstanceOf(
                            line.how().equals("short") ? ShortNameException.class : IllegalArgumentException.class)
                    .matches(e -> line.how().equals("short") || !(e instanceof ShortNameException))
                    .message()
                    .contains(
                            switch (line.how()) {
                                case "short" -> "does not name its registry";
                                case "other" -> "registry";
                                case "is" -> "sha256 alone";
                                default -> "";
                            });
        }
    }
}
