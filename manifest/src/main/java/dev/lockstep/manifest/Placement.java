package dev.lockstep.manifest;

/** The store in which the unit that uses an image looks for it. */
public enum Placement {
    /** Ours, as an additional image store, where no prune of ordinary podman reaches it. */
    LOCKSTEP,
    /** The one into which the unit's podman pulls: for units that look nowhere else, and for what podman mounts from there alone. */
    PRIMARY,
    /** bootc's own, as an additional image store. */
    BOOTC
}
