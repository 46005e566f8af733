package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.podman.OciDirectory;
import java.util.Optional;

/**
 * What is wanted of a transaction, beyond its target.
 *
 * @param commit whether it is to be committed as soon as it is ready; otherwise it waits for an administrator
 * @param resumed in how many boots it was taken up again because a shutdown had lost what it had staged
 * @param resumedIn the boot in which that was last done
 * @param forced who wanted the commit although images were missing, and why
 * @param source the directory that images were to be taken from before a registry is asked
 */
record Intent(
        boolean commit,
        int resumed,
        Optional<String> resumedIn,
        Optional<GatePass.Forced> forced,
        Optional<OciDirectory> source) {
    /** To be committed when it is ready. */
    static final Intent COMMIT = new Intent(true, 0, Optional.empty(), Optional.empty(), Optional.empty());

    /** To wait when it is ready. */
    static final Intent WAIT = new Intent(false, 0, Optional.empty(), Optional.empty(), Optional.empty());

    Intent committing() {
        return new Intent(true, resumed, resumedIn, forced, source);
    }

    Intent resumedIn(String boot) {
        boolean again = resumedIn.filter(boot::equals).isPresent();
        return new Intent(commit, again ? resumed : resumed + 1, Optional.of(boot), forced, source);
    }

    Intent forcedBy(GatePass.Forced decision) {
        return new Intent(commit, resumed, resumedIn, Optional.of(decision), source);
    }

    Intent takingFrom(Optional<OciDirectory> directory) {
        return new Intent(commit, resumed, resumedIn, forced, directory);
    }

    /** A decision counts for one staging only. */
    Intent unforced() {
        return new Intent(commit, resumed, resumedIn, Optional.empty(), source);
    }
}
