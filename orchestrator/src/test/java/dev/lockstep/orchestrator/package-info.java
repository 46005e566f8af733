/** Specifications of the transaction's parts. */
@NullMarked
package dev.lockstep.orchestrator;

import org.jspecify.annotations.NullMarked;
