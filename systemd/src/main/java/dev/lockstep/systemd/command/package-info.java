/**
 * The {@code lockstep} command. {@link dev.lockstep.systemd.command.Main} starts it, {@link dev.lockstep.systemd.command.LockstepCommand} holds the
 * global options, each subcommand asks the orchestrator one question and renders the answer as text or as JSON.
 */
@NullMarked
package dev.lockstep.systemd.command;

import org.jspecify.annotations.NullMarked;
