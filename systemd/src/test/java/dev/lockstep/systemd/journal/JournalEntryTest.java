package dev.lockstep.systemd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JournalEntryTest {

    @Test
    void aValueOfOneLineFollowsItsName() {
        assertThat(new JournalEntry(Priority.NOTICE, "hällo").encode())
                .isEqualTo("MESSAGE=hällo\nPRIORITY=5\nSYSLOG_IDENTIFIER=lockstep\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aValueOfSeveralLinesHasItsLengthInEightBytesLeastFirst() {
        byte[] bytes = new JournalEntry(Priority.ERR, "é\nb").encode();

        assertThat(bytes).startsWith("MESSAGE\n\4\0\0\0\0\0\0\0é\nb\nPRIORITY=3\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFieldThatJournaldWouldDropIsRefused() {
        JournalEntry entry = new JournalEntry(Priority.INFO, "m");

        for (String name : new String[] {"_TRUSTED", "lower", "1FIRST", "WITH=SIGN", "", "A".repeat(65)}) {
            assertThatThrownBy(() -> entry.with(name, "v")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void noFieldHasACredential() {
        JournalEntry entry = new JournalEntry(Priority.INFO, "GET https://me:secret@registry.example/v2 failed")
                .with("LOCKSTEP_IMAGE", "https://me:secret@registry.example/a");

        assertThat(entry.fields().values()).allMatch(value -> !value.contains("secret"));
    }

    @Test
    void asALineItHasItsPriorityInFront() {
        assertThat(new JournalEntry(Priority.WARNING, "one\ntwo").line()).isEqualTo("<4>lockstep: one | two");
    }
}
