package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.process.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The current root's podman on our own store; one method a command. */
public final class Podman {

    public Podman(Tools tools, StoreLocation store) {}

    /** Fails with TOOL_MISSING or TOOL_TOO_OLD (older than 4.3.0). */
    public void checkVersion() throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Pulls by digest. Success means that podman said so: confirm. {@code progress} receives podman's lines. */
    public void pull(ResolvedImage image, PullArguments arguments, Consumer<String> progress) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Pins an image for a transaction (idempotent: an equal pin that exists is fine). */
    public void pin(String transaction, ResolvedImage image) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Every pin in the store. */
    public List<Pin> pins() throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Removes the pins of a transaction; nothing when there are none. */
    public void unpin(String transaction) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Makes a tag mean an image (its ID, the configuration's digest) in our store. */
    public void tag(String configDigest, ImageReference tag) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Removes one name. */
    public void untag(ImageReference name) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Removes an image that nothing pins. */
    public void remove(String configDigest) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Mounts an image read-only inside the tools' namespace and returns the path there. */
    public Path mount(String configDigest) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Undoes {@link #mount}. */
    public void unmount(String configDigest) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /**
     * A pin as the store has it; its labels carry what a lost binding record is rebuilt from.
     *
     * @param container podman's ID of the pin
     * @param transaction the transaction that pinned
     * @param image what was pinned, as it was resolved
     */
    public record Pin(String container, String transaction, ResolvedImage image) {}
}
