package dev.lockstep.orchestrator;

import java.nio.file.Path;

/**
 * A tree that can be read and cannot boot.
 *
 * @param checksum the ostree commit
 * @param tree where it is checked out for reading
 */
public record Staged(String checksum, Path tree) {}
