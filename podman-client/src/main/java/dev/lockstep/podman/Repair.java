package dev.lockstep.podman;

import dev.lockstep.podman.process.Tools;
import java.util.function.Consumer;

/** Mends an image of the store in place: names, pins and dependents stay. */
public final class Repair {

    public Repair(Tools tools, StoreLocation location, ImageStore store) {}

    /** Fetches the image into a scratch root beside the store, verifies it there, and renames what was damaged into place. */
    public void repair(ResolvedImage image, PullArguments arguments, Consumer<String> progress) throws ImageException {
        throw new UnsupportedOperationException();
    }
}
