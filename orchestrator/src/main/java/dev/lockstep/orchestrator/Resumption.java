package dev.lockstep.orchestrator;

import java.util.Optional;

/**
 * Whether an open transaction whose staging a shutdown lost is taken up again without being asked: in a few boots, not for ever, and not what
 * somebody took back.
 */
final class Resumption {
    private static final int MOST = 3;

    private final Host host;

    Resumption(Host host) {
        this.host = host;
    }

    /** Whether it was committed, and then a shutdown did not lead to it. */
    boolean isDue(BindingRecord open) throws LockstepException {
        return host.deployments.commitsAtShutdown()
                && open.state() == BindingRecord.State.READY
                && open.intent().commit()
                && host.deployments.staging().isEmpty();
    }

    /** Why one that has lost its staging is left to an administrator; empty when it goes on. */
    Optional<String> speakingAgainst(BindingRecord open) throws LockstepException {
        if (host.deployments.takenBack().filter(open::isStagedAs).isPresent()) {
            return Optional.of("what was committed of the transaction to " + open.target()
                    + " was taken back by somebody, as 'ostree admin undeploy' does; "
                    + "'lockstep retry' stages it again, 'lockstep abort' gives it up.");
        }
        return counted(open).resumed() > MOST
                ? Optional.of("the transaction to " + open.target() + " was taken up again in " + MOST
                        + " boots and did not get through a shutdown; 'lockstep status' says why, "
                        + "'lockstep retry' tries again.")
                : Optional.empty();
    }

    /** What is wanted of it, this boot counted once. */
    Intent counted(BindingRecord open) throws LockstepException {
        return open.intent().resumedIn(host.bootId());
    }

    /** The same in words. */
    static String words(Intent counted) {
        return "the last shutdown lost what was staged; boot " + counted.resumed() + " of " + MOST;
    }
}
