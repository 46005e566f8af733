package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.LockstepException;
import java.nio.file.Path;

/** Shows trees to this process and to the programs that it starts, as nobody else sees them. */
@FunctionalInterface
public interface Views {
    /**
     * Shows a tree with another {@code /etc}; a view that was shown before is covered.
     *
     * @param tree with a directory {@code etc}
     * @return the path under which this process reaches it, as long as it runs
     */
    Path show(Path tree, Path etc) throws LockstepException;
}
