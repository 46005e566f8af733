/**
 * The {@code lockstepd} service. {@link dev.lockstep.systemd.daemon.Lockstepd} starts it, {@link dev.lockstep.systemd.daemon.Daemon} puts its parts
 * together, {@link dev.lockstep.systemd.daemon.Manager} is what callers reach. It asks polkit who may do what, and the orchestrator to do it; how
 * that is done it does not know.
 */
@NullMarked
package dev.lockstep.systemd.daemon;

import org.jspecify.annotations.NullMarked;
