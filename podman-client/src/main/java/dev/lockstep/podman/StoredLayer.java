package dev.lockstep.podman;

/**
 * A layer in a store.
 *
 * @param id its ID in {@code layers.json}
 * @param link its short name below {@code overlay/l}, new at each creation
 * @param diffDigest the digest of its uncompressed tar
 * @param size uncompressed bytes
 */
public record StoredLayer(String id, String link, String diffDigest, long size) {}
