/**
 * The transaction that moves an operating system and its application images together.
 *
 * <p>The story reads {@link dev.lockstep.orchestrator.Lockstep} (what can be asked for) → Transaction (the
 * steps, in order) → Deployments (the engine that writes boot entries) and
 * BindingRecord (which reference meant which digest for which deployment);
 * Recovery says what a crash left behind.
 *
 * <p>This package must not know D-Bus, systemd or terminals.
 */
@NullMarked
package dev.lockstep.orchestrator;

import org.jspecify.annotations.NullMarked;
