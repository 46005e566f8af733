/** Specifications, against recorded output and against the real tools. */
@NullMarked
package dev.lockstep.podman.process;

import org.jspecify.annotations.NullMarked;
