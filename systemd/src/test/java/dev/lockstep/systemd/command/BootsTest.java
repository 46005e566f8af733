package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootsTest {
    /** As systemd 257 prints it. */
    private static final String LISTED = """
            [{"index":-2,"boot_id":"aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa","first_entry":1767268800000001,"last_entry":1767268900000000},
             {"index":-1,"boot_id":"bbbbbbbbbbbb4bbb8bbbbbbbbbbbbbbb","first_entry":1767269000000000,"last_entry":1767269100000000},
             {"index":0,"boot_id":"cccccccccccc4ccc8ccccccccccccccc","first_entry":1767269200000000,"last_entry":1767269300000000}]
            """;

    private static final String FIRST = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
    private static final String THIRD = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";

    private static Reports.HistoryEntry entry(String boot, String booted) {
        return new Reports.HistoryEntry(
                Instant.EPOCH,
                "ready",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.of(boot),
                Optional.of(booted));
    }

    private static Boots journal(int status, String text) {
        return new Boots(call -> {
            assertThat(call.arguments()).startsWith("journalctl", "--list-boots", "--output=json");
            return new ToolResult(Termination.of(status), text.getBytes(StandardCharsets.UTF_8), "");
        });
    }

    @Test
    void aBootWithoutALineRanWhatTheBootBeforeItRan() {
        List<Boots.Boot> boots = journal(0, LISTED).of(List.of(entry(FIRST, "a.0"), entry(THIRD, "b.0")));

        assertThat(boots).extracting(boot -> boot.deployment().orElse("")).containsExactly("a.0", "a.0", "b.0");
        assertThat(boots.get(0).first()).contains(Instant.parse("2026-01-01T12:00:00Z"));
        assertThat(boots.get(0).id()).isEqualTo(FIRST);
    }

    @Test
    void beforeTheFirstLineNothingIsKnown() {
        assertThat(journal(0, LISTED).of(List.of(entry(THIRD, "b.0"))))
                .extracting(boot -> boot.deployment().orElse("unknown"))
                .containsExactly("unknown", "unknown", "b.0");
    }

    @Test
    void withoutAJournalTheHistorysOwnLinesTellTheBoots() {
        for (Boots boots : List.of(journal(1, ""), journal(0, "no json"), journal(0, ""))) {
            assertThat(boots.of(List.of(entry(FIRST, "a.0"), entry(FIRST, "a.0"), entry(THIRD, "b.0"))))
                    .containsExactly(
                            new Boots.Boot(
                                    FIRST, Optional.of(Instant.EPOCH), Optional.of(Instant.EPOCH), Optional.of("a.0")),
                            new Boots.Boot(
                                    THIRD, Optional.of(Instant.EPOCH), Optional.of(Instant.EPOCH), Optional.of("b.0")));
        }
    }
}
