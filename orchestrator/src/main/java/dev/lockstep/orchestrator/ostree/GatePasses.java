package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.Confirmed;
import dev.lockstep.orchestrator.Deployment;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.gate.DeploymentName;
import dev.lockstep.orchestrator.gate.DirectoryIdentity;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The one pass of the shutdown gate: issued when a staged deployment is committed, taken away before anything else is done to it. */
final class GatePasses {
    private final Layout layout;

    GatePasses(Layout layout) {
        this.layout = layout;
    }

    /** Writes the pass; when this returns, it is on the medium. */
    void issue(Deployment deployment, Confirmed confirmed) throws LockstepException {
        try {
            GatePass pass = new GatePass(
                    BootedDeployment.bootId(),
                    confirmed.transaction(),
                    new DeploymentName(deployment.stateroot(), deployment.checksum(), deployment.serial()),
                    DirectoryIdentity.of(deployment.root()),
                    confirmed.etc(),
                    confirmed.images(),
                    confirmed.forced());
            DurableFiles.write("gate-pass", layout.gatePass(), pass.encode());
        } catch (IOException e) {
            throw Failures.state("write", layout.gatePass(), e);
        }
    }

    /** Takes the pass away, durably. */
    void revoke() throws LockstepException {
        if (Files.notExists(layout.gatePass())) {
            return;
        }
        try {
            DurableFiles.delete("gate-pass", layout.gatePass());
        } catch (IOException e) {
            throw Failures.state("remove", layout.gatePass(), e);
        }
    }

    /** The pass of this boot, if there is one that can be read. */
    Optional<GatePass> read() throws LockstepException {
        String boot = bootId();
        return readAny().filter(pass -> pass.bootId().equals(boot));
    }

    /** Whether a commit of an earlier boot let this deployment through the gate, and nothing was staged or rolled back since. */
    boolean isOfEarlierBoot(Deployment deployment) throws LockstepException {
        String boot = bootId();
        return readAny()
                .filter(pass -> !pass.bootId().equals(boot))
                .map(GatePass::deployment)
                .filter(passed -> (passed.checksum() + "." + passed.serial()).equals(deployment.id()))
                .isPresent();
    }

    private static String bootId() throws LockstepException {
        try {
            return BootedDeployment.bootId();
        } catch (IOException e) {
            throw Failures.state("read the name of this boot for", Path.of("/proc/sys/kernel/random/boot_id"), e);
        }
    }

    private Optional<GatePass> readAny() throws LockstepException {
        try {
            return Optional.of(GatePass.parse(Files.readAllBytes(layout.gatePass())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (dev.lockstep.orchestrator.gate.LineFileException e) {
            // The gate refuses it as well, and the next commit writes a new one.
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.state("read", layout.gatePass(), e);
        }
    }
}
