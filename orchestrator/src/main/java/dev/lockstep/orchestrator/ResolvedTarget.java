package dev.lockstep.orchestrator;

import dev.lockstep.podman.ResolvedImage;
import java.util.Optional;

/**
 * What a target means.
 *
 * @param target as asked for
 * @param digest the manifest digest of an image, or an ostree commit
 * @param image of an image target
 */
public record ResolvedTarget(Target target, String digest, Optional<ResolvedImage> image) {}
