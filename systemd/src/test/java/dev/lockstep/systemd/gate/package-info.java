/** Specifications of the shutdown gate as a program. */
@NullMarked
package dev.lockstep.systemd.gate;

import org.jspecify.annotations.NullMarked;
