/** Tests of the names and errors of the bus. */
@NullMarked
package dev.lockstep.systemd.bus;

import org.jspecify.annotations.NullMarked;
