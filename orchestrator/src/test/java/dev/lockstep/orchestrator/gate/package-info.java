/** Specifications of the shutdown gate's decision. */
@NullMarked
package dev.lockstep.orchestrator.gate;

import org.jspecify.annotations.NullMarked;
