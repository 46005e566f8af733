package dev.lockstep.orchestrator.ostree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Deployment;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.gate.DeploymentName;
import dev.lockstep.orchestrator.gate.DirectoryIdentity;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that somebody took back is told from one that a shutdown lost. */
class TakenBackTest {
    private static final String CHECKSUM = "1".repeat(64);
    private static final String BEFORE = "33333333-3333-4333-8333-333333333333";
    private static final String LONG_AGO = "44444444-4444-4444-8444-444444444444";
    private static final Optional<String> COMMITTED = Optional.of(CHECKSUM + ".0");

    @TempDir
    Path directory = Path.of("/nowhere");

    private Layout layout = new Layout(directory, "os", directory, directory);

    @BeforeEach
    void inATemporaryDirectory() {
        layout = new Layout(directory, "os", directory, directory);
    }

    private void pass(String boot) throws Exception {
        GatePass pass = new GatePass(
                boot,
                "11111111-1111-4111-8111-111111111111",
                new DeploymentName("os", CHECKSUM, 0),
                DirectoryIdentity.of(directory),
                List.of(),
                List.of(),
                Optional.empty());
        Files.write(layout.gatePass(), pass.encode());
    }

    private void verdict(String boot, String code) throws Exception {
        new VerdictFile(Instant.EPOCH, boot, Optional.empty(), code, "a sentence").write(layout.gateVerdict());
    }

    private Optional<String> look(Deployment... deployed) throws Exception {
        return new TakenBack(layout).look(false, List.of(deployed));
    }

    private static Deployment deployment(int serial) {
        Deployment.Origin origin = new Deployment.Origin(Optional.empty(), Optional.empty(), Optional.empty());
        return new Deployment("os", CHECKSUM, serial, Path.of("/nowhere"), Optional.empty(), origin);
    }

    @Test
    void inTheBootOfThePassWhatIsNeitherStagedNorDeployedWasTakenBack() throws Exception {
        pass(BootedDeployment.bootId());

        assertThat(look()).isEqualTo(COMMITTED);
        assertThat(look(deployment(1))).isEqualTo(COMMITTED);
        assertThat(look(deployment(1), deployment(0))).isEmpty();
        assertThat(new TakenBack(layout).look(true, List.of())).isEmpty();
    }

    @Test
    void inALaterBootTheGateMustHaveFoundNothingAtTheEndOfThatOne() throws Exception {
        pass(BEFORE);
        assertThat(look()).as("a power cut leaves no verdict").isEmpty();
        verdict(BEFORE, "NO_PASS");
        assertThat(look()).as("refused is lost, not taken back").isEmpty();
        verdict(LONG_AGO, "NOTHING_STAGED");
        assertThat(look()).as("the verdict of another boot").isEmpty();

        verdict(BEFORE, "NOTHING_STAGED");

        assertThat(look()).isEqualTo(COMMITTED);
    }

    @Test
    void withoutAPassOrWithATornOneNothingWasCommitted() throws Exception {
        assertThat(look()).isEmpty();
        pass(BootedDeployment.bootId());
        byte[] whole = Files.readAllBytes(layout.gatePass());
        Files.write(layout.gatePass(), java.util.Arrays.copyOf(whole, whole.length - 5));

        assertThat(look()).isEmpty();
    }
}
