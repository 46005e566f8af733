package dev.lockstep.orchestrator;

/** Where everything that happens is told: first durably to the history, then to whoever watches. */
final class Events {
    private final History history;
    private final Progress progress;

    Events(History history, Progress progress) {
        this.history = history;
        this.progress = progress;
    }

    /**
     * Notes something and tells it.
     *
     * @throws LockstepException when the history cannot be written; then nobody was told
     */
    void note(Occurrence occurrence) throws LockstepException {
        history.add(occurrence);
        progress.event(occurrence);
    }
}
