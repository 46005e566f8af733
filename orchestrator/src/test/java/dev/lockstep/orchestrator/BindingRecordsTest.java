package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.podman.OciDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingRecordsTest {

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        BindingRecords records = new BindingRecords(directory.resolve("bindings"));
        BindingRecord open = Samples.open(Samples.FIRST, Samples.NOON)
                .wanting(Intent.WAIT.takingFrom(Optional.of(OciDirectory.parse("oci:/run/media/stick"))));
        BindingRecord committed = Samples.committed(Samples.SECOND, 2, 3);

        records.write(open);
        records.write(committed);

        assertThat(records.load().records()).containsExactlyInAnyOrder(open, committed);
        assertThat(records.load().broken()).isEmpty();
    }

    @Test
    void whatBecameOfADeploymentIsKeptAndOldRecordsAwaitNothing() throws Exception {
        BindingRecords records = new BindingRecords(directory);
        BindingRecord awaited = Samples.committed(Samples.FIRST, 2, 3).tried(Trial.awaited(Optional.of("boot")));
        BindingRecord left = Samples.committed(Samples.SECOND, 2, 4).tried(Trial.FELL_BACK);
        records.write(awaited);
        records.write(left);
        assertThat(records.load().records()).containsExactlyInAnyOrder(awaited, left);

        for (BindingRecord each : List.of(awaited, left)) {
            Path file = directory.resolve(each.transaction() + ".json");
            String text = Files.readString(file);
            Files.writeString(file, text.replaceFirst("(?s)\"trial\" : \\{.*?\\},", ""));
            assertThat(Files.readString(file)).doesNotContain("trial");
        }
        assertThat(records.load().records())
                .containsExactlyInAnyOrder(awaited.tried(Trial.SETTLED), left.tried(Trial.SETTLED));
    }

    @Test
    void withoutADirectoryThereAreNoRecords() throws Exception {
        assertThat(new BindingRecords(directory.resolve("none")).load().records())
                .isEmpty();
    }

    @Test
    void aRecordThatIsDeletedIsGone() throws Exception {
        BindingRecords records = new BindingRecords(directory);
        BindingRecord open = Samples.open(Samples.FIRST, Samples.NOON);
        records.write(open);

        records.delete(open);

        assertThat(records.load().records()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "garbage",
                "[]",
                "{\"schema\":\"dev.lockstep.binding/v2\"}",
                "{\"schema\":\"dev.lockstep.binding/v1\"}",
                "{\"schema\":\"dev.lockstep.binding/v1\",\"transaction\":\"11111111-1111-4111-8111-111111111111\",\"state\":\"COMMITTED\","
                        + "\"began\":\"2026-01-01T12:00:00Z\",\"target\":\"registry.example/os:1\",\"images\":[]}",
                "{\"schema\":\"dev.lockstep.binding/v1\",\"transaction\":\"22222222-2222-4222-8222-222222222222\",\"state\":\"OPEN\","
                        + "\"began\":\"2026-01-01T12:00:00Z\",\"target\":\"registry.example/os:1\",\"images\":[]}",
            })
    void aFileThatIsNoRecordIsToldAndKeptAside(String content) throws Exception {
        BindingRecords records = new BindingRecords(directory);
        Path file = directory.resolve(Samples.FIRST + ".json");
        Files.writeString(file, content);

        assertThat(records.load().broken()).containsOnlyKeys(file);
        Path aside = records.setAside(file);

        assertThat(aside).hasContent(content);
        assertThat(records.load().broken()).isEmpty();
    }

    @Test
    void everyTruncationOfARecordIsNoticed() throws IOException {
        byte[] whole = BindingRecordCodec.write(Samples.committed(Samples.FIRST, 1, 0));
        int end = new String(whole, StandardCharsets.UTF_8).lastIndexOf('}');
        for (int length = 0; length <= end; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> BindingRecordCodec.read(part)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void filesSetAsideDoNotReplaceEachOther() throws Exception {
        BindingRecords records = new BindingRecords(directory);
        Path file = directory.resolve(Samples.FIRST + ".json");
        for (String content : List.of("one", "two", "three")) {
            Files.writeString(file, content);
            assertThat(records.setAside(file)).hasContent(content);
        }
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(3);
        }
    }
}
