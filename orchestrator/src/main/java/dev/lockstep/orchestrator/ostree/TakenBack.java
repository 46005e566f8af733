package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.Deployment;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.orchestrator.gate.LineFileException;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * Whether somebody took what was committed out of the staging again, as {@code ostree admin undeploy} does: a wish, where a staging that a power
 * cut or the gate lost is none. It is told by the pass, which only Lockstep takes away: it is there, and what it lets through is neither
 * staged nor deployed; in a later boot, by the gate, which at the end of the pass's boot found nothing staged.
 */
final class TakenBack {
    private final Layout layout;

    TakenBack(Layout layout) {
        this.layout = layout;
    }

    /**
     * Looks.
     *
     * @param staged whether anything is staged
     * @param deployments those with boot loader entries
     * @return what was taken back, {@code CHECKSUM.SERIAL}
     */
    Optional<String> look(boolean staged, List<Deployment> deployments) throws LockstepException {
        if (staged) {
            return Optional.empty();
        }
        try {
            GatePass pass = GatePass.parse(Files.readAllBytes(layout.gatePass()));
            String id = pass.deployment().checksum() + "." + pass.deployment().serial();
            boolean deployed = deployments.stream().map(Deployment::id).anyMatch(id::equals);
            return !deployed && nothingWasStagedAtTheEndOf(pass.bootId()) ? Optional.of(id) : Optional.empty();
        } catch (NoSuchFileException | LineFileException e) {
            // Without a pass nothing was committed; an unreadable one proves nothing.
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.state("read", layout.gatePass(), e);
        }
    }

    private boolean nothingWasStagedAtTheEndOf(String boot) throws IOException {
        return boot.equals(BootedDeployment.bootId())
                || VerdictFile.read(layout.gateVerdict())
                        .filter(verdict ->
                                verdict.foundNothing() && verdict.bootId().equals(boot))
                        .isPresent();
    }
}
