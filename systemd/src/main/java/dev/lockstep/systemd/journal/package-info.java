/**
 * What happens, as structured entries of the journal: one an event, with an identifier that the catalogue explains. Entry point: {@link
 * dev.lockstep.systemd.journal.Journaling}. It knows events as the orchestrator tells them, and nothing of how they come about.
 */
@NullMarked
package dev.lockstep.systemd.journal;

import org.jspecify.annotations.NullMarked;
