package dev.lockstep.orchestrator;

import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.StoredLayer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the content of layers that are not recorded as durable. Images share layers, so each is read once a run; one thread reads at a time. */
final class ContentProof {
    private final ImageStore store;
    private final Set<StoredLayer> proven = new HashSet<>();

    ContentProof(ImageStore store) {
        this.store = store;
    }

    /** Whether the content of these layers is what their digests say. */
    synchronized boolean isRight(Confirmation.Unproven unproven) throws ImageException {
        List<StoredLayer> unread = unproven.layers().stream()
                .filter(layer -> !proven.contains(layer))
                .toList();
        boolean right = store.checkContent(unread).isEmpty();
        if (right) {
            proven.addAll(unread);
        }
        return right;
    }
}
