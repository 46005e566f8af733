package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Staging;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.orchestrator.gate.LineFileException;
import dev.lockstep.orchestrator.gate.Verdict;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why the last shutdown did not lead to what was staged, and what the next one will do. */
final class ShutdownRemarks {
    private static final Path FAILURE_STAMP = Path.of("/boot/ostree/finalize-failure.stamp");
    private static final Path DROP_IN =
            Path.of("/usr/lib/systemd/system/ostree-finalize-staged.service.d/zz-lockstep.conf");

    private final Layout layout;
    private final GatePasses passes;

    ShutdownRemarks(Layout layout, GatePasses passes) {
        this.layout = layout;
        this.passes = passes;
    }

    List<String> of(Optional<Staging> staging) throws LockstepException {
        List<String> remarks = new ArrayList<>();
        lastVerdict(remarks);
        if (Files.exists(FAILURE_STAMP)) {
            remarks.add("ostree noted that finalizing a staged deployment failed: " + FAILURE_STAMP);
        }
        if (Files.notExists(DROP_IN)) {
            remarks.add("the shutdown gate is not installed: " + DROP_IN
                    + " is missing, so a staged deployment that is not locked boots next whatever its images are");
        }
        if (staging.isPresent()
                && !staging.get().locked()
                && StagedNotes.verdict() instanceof Verdict.Refused refused) {
            remarks.add("a shutdown now would not finalize what is staged (" + refused.code() + "): "
                    + refused.sentence() + "; 'lockstep retry' confirms it anew");
        }
        Optional<GatePass> pass = passes.read();
        if (staging.isPresent() && pass.isPresent()) {
            pass.get()
                    .forced()
                    .ifPresent(forced ->
                            remarks.add("the staged deployment goes through the gate whatever its images are, as "
                                    + forced.who() + " wanted: " + forced.why()));
        }
        return remarks;
    }

    private void lastVerdict(List<String> remarks) throws LockstepException {
        try {
            Optional<VerdictFile> verdict = VerdictFile.read(layout.gateVerdict());
            if (verdict.isPresent()
                    && verdict.get().refused()
                    && !verdict.get().bootId().equals(BootedDeployment.bootId())) {
                remarks.add("the last shutdown did not finalize what was staged ("
                        + verdict.get().code() + "): " + verdict.get().sentence());
            }
        } catch (LineFileException e) {
            remarks.add("the gate's last verdict, " + layout.gateVerdict() + ", cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw Failures.state("read", layout.gateVerdict(), e);
        }
    }
}
