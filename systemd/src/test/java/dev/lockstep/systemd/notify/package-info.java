/** Tests of what the service manager is told. */
@NullMarked
package dev.lockstep.systemd.notify;

import org.jspecify.annotations.NullMarked;
