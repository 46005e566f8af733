/**
 * The edge: what an administrator, a unit file or a script sees of Lockstep.
 */
@NullMarked
package dev.lockstep.systemd;

import org.jspecify.annotations.NullMarked;
