package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.process.Tools;

/** What registries say, asked through skopeo. */
public final class Registry {

    public Registry(Tools tools) {}

    /** Resolves a reference to digests and layers. Nothing is stored. */
    public ResolvedImage resolve(ImageReference reference, PullArguments arguments) throws ImageException {
        throw new UnsupportedOperationException();
    }
}
