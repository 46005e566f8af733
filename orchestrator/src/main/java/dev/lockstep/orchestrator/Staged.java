package dev.lockstep.orchestrator;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A tree that can be read and cannot boot.
 *
 * @param checksum the ostree commit
 * @param serial of the deployment that it is already, on an engine that stages deployments
 * @param tree where it lies
 */
public record Staged(String checksum, OptionalInt serial, Path tree) {}
