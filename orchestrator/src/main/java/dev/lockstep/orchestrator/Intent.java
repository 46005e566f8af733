package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.GatePass;
import java.util.Optional;

/**
 * What is wanted of a transaction, beyond its target.
 *
 * @param commit whether it is to be committed as soon as it is ready; otherwise it waits for an administrator
 * @param resumed in how many boots it was taken up again because a shutdown had lost what it had staged
 * @param resumedIn the boot in which that was last done
 * @param forced who wanted the commit although images were missing, and why
 */
record Intent(boolean commit, int resumed, Optional<String> resumedIn, Optional<GatePass.Forced> forced) {
    /** To be committed when it is ready. */
    static final Intent COMMIT = new Intent(true, 0, Optional.empty(), Optional.empty());

    /** To wait when it is ready. */
    static final Intent WAIT = new Intent(false, 0, Optional.empty(), Optional.empty());

    Intent committing() {
        return new Intent(true, resumed, resumedIn, forced);
    }

    Intent resumedIn(String boot) {
        boolean again = resumedIn.filter(boot::equals).isPresent();
        return new Intent(commit, again ? resumed : resumed + 1, Optional.of(boot), forced);
    }

    Intent forcedBy(GatePass.Forced decision) {
        return new Intent(commit, resumed, resumedIn, Optional.of(decision));
    }

    /** A decision counts for one staging only. */
    Intent unforced() {
        return new Intent(commit, resumed, resumedIn, Optional.empty());
    }
}
