/** Lockstep as a whole, against the real registry, podman, skopeo and ostree. */
@NullMarked
package dev.lockstep.it;

import org.jspecify.annotations.NullMarked;
