package dev.lockstep.systemd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries as a real journald keeps them; it runs on a {@code /run} of its own, in a mount namespace of its own. */
class JournaldRealTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path JOURNALD = Path.of("/usr/lib/systemd/systemd-journald");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The namespace's own configuration keeps the kernel's messages out. */
    private static final String START = """
            mount --make-rprivate /
            mount -t tmpfs -o size=64m tmpfs /run
            mkdir -p /run/systemd/journal /run/log/journal /run/systemd/journald.conf.d
            printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nForwardToWall=no\\n' > /run/systemd/journald.conf.d/test.conf
            exec /usr/lib/systemd/systemd-journald
            """;

    @TempDir
    Path directory;

    private List<Process> started = List.of();

    @BeforeEach
    void startJournald() throws Exception {
        assumeTrue(Files.isExecutable(JOURNALD) && Files.isWritable(Path.of("/etc")), "needs journald and root");
        assumeTrue(Files.exists(Path.of("/etc/machine-id")), "journald needs a machine id");
        Process journald = new ProcessBuilder("unshare", "--mount", "sh", "-ec", START)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        started = List.of(journald);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!Files.exists(Path.of(socket(journald)))) {
            assertThat(Instant.now())
                    .as(Files.readString(directory.resolve("log")))
                    .isBefore(deadline);
            Thread.sleep(20);
        }
    }

    @AfterEach
    void stopJournald() {
        started.forEach(process -> {
            process.destroy();
            process.onExit().join();
        });
    }

    private static String run(Process journald) {
        return "/proc/" + journald.pid() + "/root/run";
    }

    private static String socket(Process journald) {
        return run(journald) + "/systemd/journal/socket";
    }

    private List<JsonNode> kept(String match) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        List<JsonNode> entries = List.of();
        while (entries.isEmpty() && Instant.now().isBefore(deadline)) {
            Thread.sleep(20);
            entries = read(match);
        }
        return entries;
    }

    private List<JsonNode> read(String match) throws IOException {
        Process journalctl = new ProcessBuilder(
                        "journalctl", "--all", "-D", run(started.get(0)) + "/log/journal", "-o", "json", match)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        List<JsonNode> entries = new ArrayList<>();
        String output = new String(journalctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String line : output.lines().toList()) {
            entries.add(JSON.readTree(line));
        }
        return entries;
    }

    private void write(JournalEntry entry) {
        List<String> failures = new ArrayList<>();
        try (NativeJournal journal = new NativeJournal(socket(started.get(0)), Priority.DEBUG, failures::add)) {
            journal.write(entry);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void anEntryIsKeptWithItsFieldsAlsoWhereTheyHaveSeveralLines() throws Exception {
        write(new JournalEntry(Priority.NOTICE, "first\nsecond").with("LOCKSTEP_IMAGE", "registry.example/ä:1"));

        JsonNode entry = kept("SYSLOG_IDENTIFIER=lockstep").get(0);

        assertThat(entry.path("MESSAGE").asText()).isEqualTo("first\nsecond");
        assertThat(entry.path("LOCKSTEP_IMAGE").asText()).isEqualTo("registry.example/ä:1");
        assertThat(entry.path("PRIORITY").asText()).isEqualTo("5");
        assertThat(entry.path("_TRANSPORT").asText()).isEqualTo("journal");
    }

    @Test
    void anEntryThatIsTooLongForADatagramIsKeptWhole() throws Exception {
        String detail = "x".repeat(600_000);

        write(new JournalEntry(Priority.ERR, detail).with("LOCKSTEP_ERROR", "TOO_LONG"));

        assertThat(kept("LOCKSTEP_ERROR=TOO_LONG").get(0).path("MESSAGE").asText())
                .isEqualTo(detail);
    }
}
