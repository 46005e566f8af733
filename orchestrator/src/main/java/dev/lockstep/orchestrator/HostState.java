package dev.lockstep.orchestrator;

import java.util.List;

/** The state of a host in words, observed after a failure. */
final class HostState {

    private HostState() {}

    static String after(List<Deployment> before, Deployments deployments) {
        List<Deployment> now;
        try {
            now = deployments.observe();
        } catch (LockstepException e) {
            return "unknown: " + e.getMessage();
        }
        if (now.isEmpty()) {
            return "nothing is deployed, as before";
        }
        String next = now.get(0).shortName();
        boolean same = !before.isEmpty() && before.get(0).id().equals(now.get(0).id());
        return same
                ? "still on A: " + next + " boots next, as before; nothing of the new deployment can boot"
                : "on B: " + next + " boots next";
    }
}
