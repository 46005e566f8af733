package dev.lockstep.systemd.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Event;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Occurrence;
import dev.lockstep.orchestrator.Progress;
import dev.lockstep.systemd.socket.ReceivingSocket;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events on their way to a socket, or to standard error. */
class JournalingTest {
    private static final String TRANSACTION = "11111111-1111-4111-8111-111111111111";

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();

    private Journaling open(boolean booted, Map<String, String> environment) {
        return Journaling.open(booted, environment, new PrintWriter(err, true));
    }

    @Test
    void anEventHasWhatIsKnownOfItAndOfTheWorkUnderWay() throws Exception {
        String name = directory.resolve("socket").toString();
        try (ReceivingSocket socket = ReceivingSocket.bind(name);
                Journaling journaling = open(false, Map.of("LOCKSTEP_JOURNAL_SOCKET", name))) {
            Progress progress = journaling.around(Progress.SILENT);

            progress.transaction(TRANSACTION);
            progress.step(Progress.Step.PULL, "1 image");
            progress.event(Occurrence.of(Event.IMAGE_PULLED, "")
                    .about(new Occurrence.Image("registry.example/a:1", "sha256:00", OptionalLong.of(42))));

            String entry = socket.receive();
            assertThat(entry).startsWith("""
                    MESSAGE=An image was pulled: registry.example/a:1, sha256:00
                    PRIORITY=6
                    SYSLOG_IDENTIFIER=lockstep
                    MESSAGE_ID=f719cbc626d24725acc9587cd08e5e3f
                    LOCKSTEP_EVENT=image-pulled
                    LOCKSTEP_TRANSACTION=%s
                    LOCKSTEP_STEP=pull
                    LOCKSTEP_IMAGE=registry.example/a:1
                    LOCKSTEP_DIGEST=sha256:00
                    LOCKSTEP_BYTES=42
                    """.formatted(TRANSACTION));
            String here = JournalingTest.class.getName();
            assertThat(entry.lines().skip(10).toList())
                    .hasSize(3)
                    .contains("CODE_FILE=" + here.replace('.', '/') + ".java")
                    .contains("CODE_FUNC=" + here + ".anEventHasWhatIsKnownOfItAndOfTheWorkUnderWay")
                    .anyMatch(line -> line.matches("CODE_LINE=[1-9]\\d*"));
        }
    }

    @Test
    void whatMattersLessThanAskedForIsLeftOut() throws Exception {
        String name = directory.resolve("socket").toString();
        try (ReceivingSocket socket = ReceivingSocket.bind(name);
                Journaling journaling =
                        open(false, Map.of("LOCKSTEP_JOURNAL_SOCKET", name, "LOCKSTEP_LOG", "warning"))) {
            Progress progress = journaling.around(Progress.SILENT);

            progress.event(Occurrence.of(Event.BEGAN, ""));
            progress.event(Occurrence.of(Event.FAILED, "no space"));

            assertThat(socket.receive()).startsWith("MESSAGE=A command failed: no space\nPRIORITY=3\n");
        }
    }

    @Test
    void aFailureHasTheSystemsErrorNumber() throws Exception {
        String name = directory.resolve("socket").toString();
        try (ReceivingSocket socket = ReceivingSocket.bind(name);
                Journaling journaling = open(false, Map.of("LOCKSTEP_JOURNAL_SOCKET", name))) {
            LockstepException failure = new LockstepException(
                    ErrorCode.STATE_UNUSABLE, "cannot write", "see to it", new AccessDeniedException("/somewhere"));

            journaling
                    .around(Progress.SILENT)
                    .event(Occurrence.of(Event.FAILED, "upgrade").because(failure));

            assertThat(socket.receive()).contains("\nLOCKSTEP_ERROR=STATE_UNUSABLE\nERRNO=13\n");
        }
    }

    @Test
    void aJournalThatIsNotThereIsToldOnceAndHoldsNothing() {
        String name = directory.resolve("nobody").toString();
        try (Journaling journaling = open(false, Map.of("LOCKSTEP_JOURNAL_SOCKET", name))) {
            Progress progress = journaling.around(Progress.SILENT);

            progress.event(Occurrence.of(Event.BEGAN, ""));
            progress.event(Occurrence.of(Event.READY, ""));
        }
        assertThat(err.toString())
                .containsOnlyOnce("the journal cannot be written")
                .contains(name);
    }

    @Test
    void anotherSysrootThanTheBootedOneIsNotTheJournalsBusiness() {
        try (Journaling journaling = open(false, Map.of("INVOCATION_ID", "x"))) {
            assertThat(journaling.journal()).isSameAs(Journal.NONE);
        }
    }

    @Test
    void aServiceWithoutAJournalTellsItsEventsOnStandardError() {
        try (Journaling journaling = open(true, Map.of("INVOCATION_ID", "x", "LOCKSTEP_JOURNAL_SOCKET", ""))) {
            journaling.around(Progress.SILENT).event(Occurrence.of(Event.READY, ""));
        }
        assertThat(err.toString().strip()).isEqualTo("<5>lockstep: Every bound image is confirmed");
    }

    @Test
    void aLevelThatDoesNotExistIsTold() {
        open(false, Map.of("LOCKSTEP_LOG", "loud")).close();

        assertThat(err.toString()).contains("LOCKSTEP_LOG=loud");
    }

    @Test
    void everythingIsHandedOn() throws Exception {
        List<String> reached = new ArrayList<>();
        Progress next = (Progress) Proxy.newProxyInstance(
                Progress.class.getClassLoader(), new Class<?>[] {Progress.class}, (proxy, method, arguments) -> {
                    reached.add(method.getName());
                    return null;
                });
        Progress progress = new JournalProgress(next, Journal.NONE, true);

        List<String> all = new ArrayList<>();
        for (Method method : Progress.class.getMethods()) {
            all.add(method.getName());
            Object[] arguments = new Object[method.getParameterCount()];
            for (int index = 0; index < arguments.length; index++) {
                arguments[index] = anything(method.getParameterTypes()[index]);
            }
            method.invoke(progress, arguments);
        }

        assertThat(reached).containsExactlyInAnyOrderElementsOf(all);
    }

    private static Object anything(Class<?> type) {
        if (type == int.class) {
            return 1;
        }
        if (type == String.class) {
            return "text";
        }
        if (type == Progress.Step.class) {
            return Progress.Step.PULL;
        }
        if (type == Progress.Plan.class) {
            return new Progress.Plan(1, 0, 1, 1, 1, 1);
        }
        if (type == Progress.Transfer.class) {
            return new Progress.Transfer("a", 1, 1, 1, 1);
        }
        return Occurrence.of(Event.BEGAN, "");
    }
}
