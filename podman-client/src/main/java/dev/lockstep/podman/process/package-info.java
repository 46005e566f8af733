/**
 * Running another program: an argument list (never a shell), its environment, a time limit, both streams drained, the exit decoded once.
 */
@NullMarked
package dev.lockstep.podman.process;

import org.jspecify.annotations.NullMarked;
