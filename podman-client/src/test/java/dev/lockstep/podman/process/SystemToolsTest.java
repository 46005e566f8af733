package dev.lockstep.podman.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SystemToolsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Cancellation cancellation = new Cancellation();
    private final SystemTools tools = new SystemTools(ProcessBuilder::start, cancellation);

    private static ToolCall shell(Duration limit, String script) {
        return ToolCall.reading(limit, List.of("sh", "-c", script));
    }

    @Test
    void outputErrorsAndStatusComeApart() throws Exception {
        ToolResult result = tools.run(shell(LONG, "echo out; echo one >&2; echo two >&2; exit 3"));

        assertThat(result.termination()).isEqualTo(new Termination.Exited(3));
        assertThat(result.text()).isEqualTo("out\n");
        assertThat(result.errorTail()).isEqualTo("one\ntwo");
    }

    /** Proxies and certificates are the environment's: what the service manager gives us reaches every program. */
    @Test
    void aProgramHasOurWholeEnvironmentButForTheLocale() throws Exception {
        List<String> seen = tools.run(shell(LONG, "env")).text().lines().toList();

        assertThat(System.getenv()).isNotEmpty();
        System.getenv().forEach((name, value) -> {
            if (!value.contains("\n")
                    && !java.util.Set.of("LC_ALL", "_", "SHLVL", "PWD", "OLDPWD")
                            .contains(name)) {
                assertThat(seen).contains(name + "=" + value);
            }
        });
        assertThat(seen).contains("LC_ALL=C.UTF-8");
    }

    @Test
    void bothStreamsAreDrainedAndErrorsAreBounded() throws Exception {
        ToolResult result = tools.run(shell(
                LONG,
                "i=0; while [ $i -lt 3000 ]; do echo out$i; echo a-line-of-errors-number-$i >&2; i=$((i+1)); done"));

        assertThat(result.text().lines()).hasSize(3000);
        assertThat(result.errorTail()).hasSizeLessThanOrEqualTo(4096).endsWith("number-2999");
    }

    @Test
    void aProgramFromWhichNothingComesIsEndedWhenItsWatchSaysSo() throws Exception {
        Duration silence = Duration.ofSeconds(7);
        List<Long> seen = new ArrayList<>();
        ToolResult result = tools.run(shell(LONG, "sleep 1000").watchedBy(program -> {
            seen.add(program.pid());
            return seen.size() > 3 ? Optional.of(silence) : Optional.empty();
        }));

        assertThat(result.termination()).isEqualTo(new Termination.Silent(silence));
        assertThat(seen.stream().flatMap(pid -> ProcessHandle.of(pid).stream())).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aProgramThatTakesTooLongIsEndedWithItsChildren() throws Exception {
        ToolResult result = tools.run(shell(Duration.ofMillis(200), "echo $$; sleep 1000 & echo $!; sleep 1000"));

        assertThat(result.termination()).isEqualTo(new Termination.TimedOut());
        assertThat(result.text().lines()).as("what it said before it was ended").hasSize(2);
        assertThat(result.text().lines().map(Long::parseLong).flatMap(pid -> ProcessHandle.of(pid).stream()))
                .noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aProgramThatDoesNotHeedIsKilledWithWhatItStartedMeanwhile() throws Exception {
        ToolResult result = tools.run(shell(
                Duration.ofMillis(500), "trap 'sleep 1000 & echo $!' TERM; echo $$; while :; do sleep 0.1; done"));

        assertThat(result.termination()).isEqualTo(new Termination.TimedOut());
        assertThat(result.text().lines()).as("itself and what it started").hasSizeGreaterThanOrEqualTo(2);
        assertEnded(result.text());
    }

    /** The kernel ends a killed process a moment after the signal, and its parent collects it later still. */
    private static void assertEnded(String processes) {
        assertThat(processes.lines().map(Long::parseLong).flatMap(pid -> ProcessHandle.of(pid).stream()))
                .allSatisfy(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void askedToStopAProgramIsEndedUnlessItMustFinish() throws Exception {
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(200);
                cancellation.request();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ToolCall whole = new ToolCall(
                        List.of("sh", "-c", "sleep 0.6; echo whole"),
                        Map.of(),
                        LONG,
                        new ToolCall.Effect.Changes("test", true),
                        Watch.NONE)
                .finishing();
        assertThat(tools.run(whole).text()).isEqualTo("whole\n");
        assertThat(tools.run(shell(LONG, "sleep 1000")).termination()).isEqualTo(new Termination.Cancelled());
    }

    @Test
    void aMissingProgramIsTold() {
        assertThatThrownBy(() -> tools.run(ToolCall.reading(LONG, List.of("no-such-program"))))
                .isInstanceOf(ToolMissingException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void anEndBySignalIsNotAnExit() throws Exception {
        assertThat(tools.run(shell(LONG, "kill -9 $$")).termination()).isEqualTo(new Termination.Signalled(9));
    }

    @Test
    void secretsInErrorsAreNotKept() throws Exception {
        ToolResult result = tools.run(shell(LONG, "echo 'Get https://user:hunter2@registry.example/v2/' >&2"));

        assertThat(result.errorTail()).doesNotContain("hunter2").contains("https://***@registry.example/v2/");
    }

    @Test
    void mountsOfANamespaceAreSeenByItsProgramsAndThroughItAlone(@TempDir Path directory) throws Exception {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.writeString(real.resolve("file"), "here");
        try (PrivateNamespace namespace = PrivateNamespace.enter(Map.of(real, inside))) {
            SystemTools within = new SystemTools(namespace, cancellation);
            assertThat(within.run(ToolCall.reading(
                                    LONG, List.of("cat", inside.resolve("file").toString())))
                            .text())
                    .isEqualTo("here");
            assertThat(namespace.outside(inside.resolve("file"))).hasContent("here");
            assertThat(inside).isEmptyDirectory();
        }
    }
}
