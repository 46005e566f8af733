package dev.lockstep.orchestrator;

import java.util.Optional;

/**
 * How the operating system's own image is fetched.
 *
 * @param tlsVerify empty leaves it to {@code containers-registries.conf(5)}
 */
public record TargetAccess(Optional<Boolean> tlsVerify) {}
