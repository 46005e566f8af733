package dev.lockstep.orchestrator;

import java.util.Optional;

/**
 * Deployments that the host went back from, by itself or because an administrator wanted so, and that are still here. An upgrade does not lead to
 * the same again: a timer and a reboot would go round in circles.
 */
final class Setbacks {
    private final Host host;
    private final Reconciliation.Observed observed;

    Setbacks(Host host, Reconciliation.Observed observed) {
        this.host = host;
        this.observed = observed;
    }

    /** Why a target is left to an administrator; empty when nothing speaks against it. */
    Optional<String> speakingAgainst(ResolvedTarget target) throws LockstepException {
        for (Deployment deployment : observed.deployments()) {
            Optional<BindingRecord> record = setback(deployment);
            if (record.isPresent() && Upgrades.isFrom(deployment, target)) {
                String what = record.get().trial().result() == Trial.Result.ROLLED_BACK
                        ? "the host was rolled back from " + deployment.shortName()
                        : deployment.shortName() + " was to boot, and the host fell back from it";
                return Optional.of(what + ", which is what " + target.target()
                        + " means. 'lockstep retry' goes there again; an upgrade does when the target has moved on.");
            }
        }
        return Optional.empty();
    }

    /** Whether the host went back from a deployment of this commit. */
    boolean concern(String checksum) throws LockstepException {
        for (Deployment deployment : observed.deployments()) {
            if (deployment.checksum().equals(checksum) && setback(deployment).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The record of the one that the boot loader offers first. */
    Optional<BindingRecord> first() throws LockstepException {
        for (Deployment deployment : observed.deployments()) {
            Optional<BindingRecord> record = setback(deployment);
            if (record.isPresent()) {
                return record;
            }
        }
        return Optional.empty();
    }

    private Optional<BindingRecord> setback(Deployment deployment) throws LockstepException {
        Optional<Deployment> booted = host.deployments.booted();
        if (booted.isEmpty() || booted.get().id().equals(deployment.id())) {
            return Optional.empty();
        }
        return observed.recordOf(deployment)
                .filter(record -> record.trial().isSetback() || hasFailedUnnoticed(record, deployment));
    }

    /** Nobody closes a transaction in a boot that never completes; what neither runs nor boots next was left all the same. */
    private boolean hasFailedUnnoticed(BindingRecord record, Deployment deployment) {
        boolean next = observed.current()
                .filter(current -> current.id().equals(deployment.id()))
                .isPresent();
        return record.trial().isAwaited() && !next;
    }
}
