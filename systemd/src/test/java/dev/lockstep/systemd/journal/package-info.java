/** Specifications of what the journal is told. */
@NullMarked
package dev.lockstep.systemd.journal;

import org.jspecify.annotations.NullMarked;
