package dev.lockstep.systemd.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.systemd.socket.ReceivingSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What loggers say on its way to the journal of a service. */
class LoggingTest {
    private static final Logger OURS = LoggerFactory.getLogger(LoggingTest.class);
    private static final Logger LIBRARY = LoggerFactory.getLogger("org.freedesktop.dbus.connections");

    @TempDir
    Path directory = Path.of("/nowhere");

    private final StringWriter err = new StringWriter();

    private Logging open(Map<String, String> environment) {
        return Logging.to(ServiceJournal.open(false, environment, new PrintWriter(err, true)));
    }

    @AfterEach
    void silence() {
        open(Map.of()).journal().place(ServiceJournal.Place.NULL);
    }

    @Test
    void anEntryHasItsPriorityItsPlaceAndTheErrorNumberBehindIt() throws Exception {
        String name = directory.resolve("socket").toString();
        try (ReceivingSocket socket = ReceivingSocket.bind(name)) {
            open(Map.of("LOCKSTEP_JOURNAL_SOCKET", name));

            OURS.warn("it went {}", "wrong", new IOException("write: No space left on device"));

            assertThat(socket.receive())
                    .startsWith("MESSAGE=it went wrong: write: No space left on device\nPRIORITY=4\n")
                    .contains("\nERRNO=28\nCODE_FILE=dev/lockstep/systemd/journal/LoggingTest.java\nCODE_LINE=");
        }
    }

    @Test
    void aMistakeOfOursIsToldWithWhereItHappened() {
        open(Map.of("INVOCATION_ID", "x"));

        OURS.error("internal error", new IllegalStateException("never"));

        assertThat(err.toString())
                .startsWith("<3>lockstep: internal error | java.lang.IllegalStateException: never")
                .contains("LoggingTest.aMistakeOfOurs")
                .hasLineCount(1);
    }

    @Test
    void aTalkativeLibraryIsHeardOnlyByThoseWhoLookForAMistake() {
        Logging logging = open(Map.of());
        LIBRARY.info("a message came");
        OURS.info("begun");
        OURS.debug("a detail");
        LIBRARY.warn("a message is broken");
        assertThat(err.toString()).isEqualTo("lockstep: begun\nlockstep: a message is broken\n");

        logging.least(Priority.DEBUG);
        LIBRARY.debug("a message came");
        logging.least(Priority.ERR);
        OURS.warn("refused");

        assertThat(err.toString()).endsWith("broken\nlockstep: a message came\n");
        assertThat(logging.level()).isEqualTo("err");
    }

    @Test
    void withoutAJournalItsPlaceCannotBeTheJournal() {
        ServiceJournal journal = open(Map.of()).journal();

        assertThat(journal.place(ServiceJournal.Place.JOURNAL)).isFalse();
        assertThat(journal.place(ServiceJournal.Place.NULL)).isTrue();
        OURS.error("nobody hears it");

        assertThat(err.toString()).isEmpty();
        assertThat(journal.usual()).isEqualTo(ServiceJournal.Place.CONSOLE);
    }
}
