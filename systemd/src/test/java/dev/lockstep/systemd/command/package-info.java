/** Specifications of what the command takes and says. */
@NullMarked
package dev.lockstep.systemd.command;

import org.jspecify.annotations.NullMarked;
