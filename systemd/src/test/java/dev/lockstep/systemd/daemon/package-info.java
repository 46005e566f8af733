/** Tests of the daemon's parts that need no bus. */
@NullMarked
package dev.lockstep.systemd.daemon;

import org.jspecify.annotations.NullMarked;
