package dev.lockstep.systemd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Target;
import dev.lockstep.podman.OciDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterruptedTest {
    @TempDir
    Path directory = Path.of("");

    private static Order order(Kind kind) {
        return new Order(
                "one",
                kind,
                Optional.of(Target.parse("registry.example/os:2")),
                Optional.of(false),
                true,
                Optional.of("sha256:1"),
                Optional.empty(),
                Optional.of(OciDirectory.parse("oci:/run/media/stick")));
    }

    @Test
    void whatWasInterruptedIsTakenUpOnce() {
        Interrupted interrupted = new Interrupted(directory.resolve("new"));
        interrupted.begin(order(Kind.STAGE), false);
        assertThat(interrupted.take()).contains(order(Kind.STAGE));

        interrupted.begin(order(Kind.STAGE), true);
        assertThat(interrupted.take()).isEmpty();
    }

    @Test
    void whatHasEndedIsNotTakenUp() {
        Interrupted interrupted = new Interrupted(directory);
        interrupted.begin(order(Kind.RETRY), false);
        interrupted.end();
        assertThat(interrupted.take()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ROLLBACK", "ABORT", "FORCE"})
    void whatMustNotHappenTwiceIsNotTakenUp(Kind kind) {
        Interrupted interrupted = new Interrupted(directory);
        interrupted.begin(order(kind), false);
        assertThat(interrupted.take()).isEmpty();
    }

    @Test
    void aNoteThatIsTornIsNone() throws Exception {
        Files.writeString(directory.resolve("lockstepd.json"), "{\"id\":");
        assertThat(new Interrupted(directory).take()).isEmpty();
    }
}
