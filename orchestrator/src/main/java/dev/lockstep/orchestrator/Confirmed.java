package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.Fingerprint;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.orchestrator.gate.StoredImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was confirmed for a commit, and has to be so still when it takes effect.
 *
 * @param transaction its UUID
 * @param origin written into the deployment, so that it can be told where it came from
 * @param etc what decided in this host's {@code /etc} which images the root binds; empty when the commit takes effect at once
 * @param images that the commit waits for, as the store lists them
 * @param bootUnits what the deployment's units need before they start: paths below the directory of generated units, to their texts
 * @param forced who wanted the commit without that, and why
 */
public record Confirmed(
        String transaction,
        Deployment.Origin origin,
        List<Fingerprint> etc,
        List<StoredImage> images,
        Map<String, String> bootUnits,
        Optional<GatePass.Forced> forced) {

    public Confirmed {
        etc = List.copyOf(etc);
        images = List.copyOf(images);
        bootUnits = Map.copyOf(bootUnits);
    }
}
