/**
 * The shutdown gate as a program: {@link dev.lockstep.systemd.gate.GateMain} is the only stop command of the service that finalizes what is
 * staged. It runs with the JDK and {@code dev.lockstep.orchestrator.gate} alone.
 */
@NullMarked
package dev.lockstep.systemd.gate;

import org.jspecify.annotations.NullMarked;
