package dev.lockstep.orchestrator;

import java.util.List;
import java.util.Optional;

/** The state of a host in words, observed after a failure. */
final class HostState {

    private HostState() {}

    static String after(List<Deployment> before, Deployments deployments) {
        List<Deployment> now;
        Optional<Staging> staging;
        try {
            now = deployments.observe();
            staging = deployments.staging().filter(Staging::isCommitted);
        } catch (LockstepException e) {
            return "unknown: " + e.getMessage();
        }
        if (now.isEmpty()) {
            return "nothing is deployed, as before";
        }
        if (staging.isPresent()) {
            return "committed: " + staging.get().deployment().shortName() + " boots after the next shutdown";
        }
        String next = now.get(0).shortName();
        boolean same = !before.isEmpty() && before.get(0).id().equals(now.get(0).id());
        return same
                ? "still on A: " + next + " boots next, as before; nothing of the new deployment can boot"
                : "on B: " + next + " boots next";
    }
}
