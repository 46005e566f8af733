/**
 * The shutdown gate's decision: whether the deployment that is staged may become bootable. The story reads
 * {@link dev.lockstep.orchestrator.gate.SysrootFileLock} (wait until nobody stages) →
 * {@link dev.lockstep.orchestrator.gate.Gate} (compare what is staged with the {@link dev.lockstep.orchestrator.gate.GatePass} that the
 * transaction left) → {@link dev.lockstep.orchestrator.gate.VerdictFile} (tell the next boot why).
 *
 * <p>It runs at shutdown, offline, when no other service lives. So this package must not know any other of Lockstep's, nor any library.
 */
@NullMarked
package dev.lockstep.orchestrator.gate;

import org.jspecify.annotations.NullMarked;
