package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagedDeploymentTest {
    private static final String CHECKSUM = "b".repeat(64);

    @TempDir
    Path directory;

    private TestingHost host = TestingHost.nowhere();

    @BeforeEach
    void withAStagedDeployment() throws Exception {
        host = TestingHost.ready(directory);
    }

    @Test
    void theDeploymentIsTold() throws Exception {
        StagedDeployment staged = StagedDeployment.read(host.paths.staged()).orElseThrow();

        assertThat(staged.stateroot()).isEqualTo("os");
        assertThat(staged.name()).isEqualTo(CHECKSUM + ".1");
        assertThat(staged.checksum()).isEqualTo(CHECKSUM);
        assertThat(staged.serial()).isEqualTo(1);
        assertThat(staged.locked()).isFalse();
        assertThat(staged.directory(Path.of("/sysroot")))
                .isEqualTo(Path.of("/sysroot/ostree/deploy/os/deploy/" + CHECKSUM + ".1"));
    }

    @Test
    void theLockIsTold() throws Exception {
        host.stage(host.deployment(), Optional.of(true));
        assertThat(StagedDeployment.read(host.paths.staged()).orElseThrow().locked())
                .isTrue();
        host.stage(host.deployment(), Optional.of(false));
        assertThat(StagedDeployment.read(host.paths.staged()).orElseThrow().locked())
                .isFalse();
    }

    @Test
    void withoutTheNoteNothingIsStaged() throws Exception {
        assertThat(StagedDeployment.read(directory.resolve("none"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b.0", "../x", "name.-1", "name.1x", "name.01"})
    void aNameThatIsNoDeploymentIsRefused(String name) {
        String full = name.replace("name", CHECKSUM);
        byte[] bytes = VariantEncoder.dictionary(Map.of(
                "target",
                new Variant.Dictionary(Map.of("name", new Variant.Text(full), "osname", new Variant.Text("os")))));
        assertThatThrownBy(() -> StagedDeployment.parse(bytes))
                .hasMessage("its target 'os/" + full + "' is not a deployment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b"})
    void aStateRootThatLeadsElsewhereIsRefused(String stateroot) {
        byte[] bytes = VariantEncoder.dictionary(Map.of(
                "target",
                new Variant.Dictionary(
                        Map.of("name", new Variant.Text(CHECKSUM + ".0"), "osname", new Variant.Text(stateroot)))));
        assertThatThrownBy(() -> StagedDeployment.parse(bytes)).hasMessageContaining("is not a deployment");
    }

    @Test
    void aNoteWithoutATargetOrWithAnOddLockIsRefused() {
        assertThatThrownBy(() -> StagedDeployment.parse(new byte[0])).hasMessage("it has no target");
        byte[] odd = VariantEncoder.dictionary(Map.of(
                "target",
                new Variant.Dictionary(
                        Map.of("name", new Variant.Text(CHECKSUM + ".0"), "osname", new Variant.Text("os"))),
                "locked",
                new Variant.Text("no")));
        assertThatThrownBy(() -> StagedDeployment.parse(odd)).hasMessage("its key 'locked' is not a boolean");
    }
}
