package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.gate.Verdict.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
    private static final String IMAGE_FILE = "root/etc/containers/systemd/a.image";

    @TempDir
    Path directory;

    private TestingHost host = TestingHost.nowhere();

    @BeforeEach
    void aHostThatIsReady() throws Exception {
        host = TestingHost.ready(directory);
    }

    private void assertRefused(Reason reason, String... words) {
        assertThat(host.decide()).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.reason()).as(refused.sentence()).isEqualTo(reason);
            assertThat(refused.code()).isEqualTo(reason.name());
            assertThat(refused.sentence()).contains(words);
        });
    }

    @Test
    void whatWasConfirmedIsLetThrough() throws Exception {
        assertThat(host.decide()).isInstanceOfSatisfying(Verdict.LetThrough.class, through -> {
            assertThat(through.staged().deployment()).isEqualTo(host.deployment());
            assertThat(through.deployment()).contains(host.deployment());
        });
    }

    @Test
    void nothingIsStaged() throws Exception {
        Files.delete(host.paths.staged());
        assertThat(host.decide()).isEqualTo(new Verdict.NothingStaged());
    }

    @Test
    void aLockHoldsWhatIsStaged() throws Exception {
        host.stage(host.deployment(), Optional.of(true));
        assertThat(host.decide()).isInstanceOf(Verdict.Locked.class);

        host.stage(host.deployment(), Optional.of(false));
        assertThat(host.decide()).isInstanceOf(Verdict.LetThrough.class);

        Files.createFile(host.paths.legacyLock());
        assertThat(host.decide()).isInstanceOf(Verdict.Locked.class);
        assertThat(host.decide().sentence()).contains(host.deployment().toString(), "locked", "nothing is finalized");
    }

    @Test
    void aNoteThatCannotBeReadIsRefused() throws Exception {
        Files.write(host.paths.staged(), new byte[] {1, 2, 3});
        assertRefused(Reason.STAGED_UNREADABLE, host.paths.staged().toString(), "at byte");
        Files.delete(host.paths.staged());
        Files.createDirectory(host.paths.staged());
        assertRefused(Reason.STAGED_UNREADABLE, host.paths.staged().toString());
    }

    @Test
    void withoutAPassItIsRefused() throws Exception {
        Files.delete(host.paths.pass());
        assertRefused(
                Reason.NO_PASS, host.paths.pass().toString(), host.deployment().toString());
    }

    @Test
    void aPassThatIsNotWholeIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(host.paths.pass());
        Files.write(host.paths.pass(), java.util.Arrays.copyOf(whole, whole.length - 1));
        assertRefused(Reason.PASS_UNREADABLE, host.paths.pass().toString(), "line");
        Files.delete(host.paths.pass());
        Files.createDirectory(host.paths.pass());
        assertRefused(Reason.PASS_UNREADABLE, host.paths.pass().toString());
    }

    @Test
    void aPassOfAnotherBootIsRefused() throws Exception {
        String other = "99999999-0000-4000-8000-00000000000a";
        Files.writeString(host.paths.bootId(), other + "\n");
        assertRefused(Reason.PASS_OF_ANOTHER_BOOT, TestingHost.BOOT, other);
        Files.delete(host.paths.bootId());
        assertRefused(Reason.INTERNAL, host.paths.bootId().toString());
    }

    @Test
    void aPassOfAnotherDeploymentIsRefused() throws Exception {
        for (DeploymentName other : new DeploymentName[] {
            new DeploymentName("os", TestingHost.CHECKSUM, 2),
            new DeploymentName("os", "c".repeat(64), 1),
            new DeploymentName("other", TestingHost.CHECKSUM, 1)
        }) {
            Files.createDirectories(other.directory(host.paths.sysroot()));
            host.stage(other, Optional.empty());
            assertRefused(
                    Reason.PASS_FOR_ANOTHER_DEPLOYMENT,
                    other.toString(),
                    host.deployment().toString());
        }
    }

    @Test
    void aDeploymentThatWasMadeAnewUnderTheSameNameIsRefused() throws Exception {
        Files.delete(host.deploymentDirectory());
        assertRefused(Reason.DEPLOYMENT_REPLACED, host.deploymentDirectory().toString());
        Files.createDirectory(host.deploymentDirectory());
        assertRefused(Reason.DEPLOYMENT_REPLACED, host.deploymentDirectory().toString(), "it was", "it is");
    }

    @Test
    void aChangedFileBelowEtcIsRefused() throws Exception {
        host.write(IMAGE_FILE, "[Image]\nImage=quay.io/a/b:2\n");
        assertRefused(Reason.ETC_CHANGED, "/etc/containers/systemd/a.image", "it was a file", "it is a file");
        Files.delete(directory.resolve(IMAGE_FILE));
        assertRefused(Reason.ETC_CHANGED, "/etc/containers/systemd, ", "it was a directory", "it is a directory");
    }

    @Test
    void anAddedFileBelowEtcIsRefused() throws Exception {
        host.write("root/etc/containers/auth.json", "{}");
        assertRefused(Reason.ETC_CHANGED, "/etc/containers/auth.json", "it was nothing", "it is a file");
    }

    @Test
    void aLinkOnTheWayBelowEtcIsRefused() throws Exception {
        Files.move(directory.resolve("root/etc/containers"), directory.resolve("root/etc/real"));
        Files.createSymbolicLink(directory.resolve("root/etc/containers"), Path.of("real"));
        assertRefused(Reason.ETC_CHANGED, "it is a link to real at /etc/containers");
    }

    @Test
    void anImageThatIsGoneIsRefusedUnlessItIsForced() throws Exception {
        Files.delete(host.layer().resolve("diff"));
        assertRefused(
                Reason.IMAGE_GONE,
                TestingHost.DIGEST,
                directory.resolve("store").toString());

        host.pass(host.pass(
                host.deployment(), TestingHost.BOOT, Optional.of(new GatePass.Forced("ann", "the registry is gone"))));
        assertThat(host.decide()).isInstanceOf(Verdict.LetThrough.class);
        assertThat(host.decide().sentence()).contains("forced by ann (the registry is gone)");
    }

    @Test
    void forceDoesNotReachWhatWasNotConfirmed() throws Exception {
        host.pass(host.pass(host.deployment(), TestingHost.BOOT, Optional.of(new GatePass.Forced("ann", "so"))));
        host.write(IMAGE_FILE, "other");
        assertRefused(Reason.ETC_CHANGED, "a.image");
    }
}
