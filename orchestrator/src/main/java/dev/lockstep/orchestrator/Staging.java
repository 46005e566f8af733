package dev.lockstep.orchestrator;

/**
 * A deployment that a shutdown of the booted host makes the default entry, unless it is locked or the gate refuses it.
 *
 * @param deployment as it lies there; no boot loader entry leads to it yet
 * @param locked whether ostree itself leaves it alone at shutdown
 * @param letThrough the transaction as which the gate would let it through now, empty when it would not
 */
public record Staging(Deployment deployment, boolean locked, java.util.Optional<String> letThrough) {

    /** Whether the next orderly shutdown makes it the default entry. */
    public boolean isCommitted() {
        return !locked && letThrough.isPresent();
    }
}
