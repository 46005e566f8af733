package dev.lockstep.orchestrator;

import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.LoopbackRegistry;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.OciImages;
import java.util.Optional;

/** The OCI directory that a run takes images from before it asks a registry, if there is one. By several threads at once. */
final class OfflineImages implements AutoCloseable {
    private final Optional<OciDirectory> chosen;
    private Optional<OciImages> images = Optional.empty();
    private Optional<LoopbackRegistry> registry = Optional.empty();

    /**
     * Nothing is opened yet.
     *
     * @param chosen by who asked for this run
     */
    OfflineImages(Optional<OciDirectory> chosen) {
        this.chosen = chosen;
    }

    /** What was chosen for this run. */
    Optional<OciDirectory> chosen() {
        return chosen;
    }

    /**
     * Opens what was chosen for this run.
     *
     * @throws LockstepException OCI_UNUSABLE when it is not there or cannot be used
     */
    synchronized void open() throws LockstepException {
        if (chosen.isPresent() && images.isEmpty()) {
            images = Optional.of(open(chosen.get()));
        }
    }

    /** Opens what an earlier run of a transaction was told, unless this one was told another; a medium that is gone is only a warning. */
    synchronized void openAgain(Optional<OciDirectory> earlier, Progress progress) {
        if (earlier.isEmpty() || chosen.isPresent()) {
            return;
        }
        try {
            images = Optional.of(open(earlier.get()));
        } catch (LockstepException e) {
            progress.warning("the transaction began with images of " + earlier.get()
                    + ", which cannot be used now, so registries are asked: " + e.getMessage());
        }
    }

    private static OciImages open(OciDirectory directory) throws LockstepException {
        try {
            return OciImages.open(directory);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** What is open. */
    synchronized Optional<OciImages> images() {
        return images;
    }

    /** The same as a registry, which begins to listen when it is first asked for. */
    synchronized LoopbackRegistry registry(OciImages open) throws ImageException {
        if (registry.isEmpty()) {
            registry = Optional.of(LoopbackRegistry.offering(open));
        }
        return registry.get();
    }

    @Override
    public synchronized void close() {
        registry.ifPresent(LoopbackRegistry::close);
    }
}
