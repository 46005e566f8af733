/** Specifications of the ostree engine, held against the real ostree. */
@NullMarked
package dev.lockstep.orchestrator.ostree;

import org.jspecify.annotations.NullMarked;
