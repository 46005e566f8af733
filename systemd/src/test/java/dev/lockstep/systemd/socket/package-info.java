/** Tests of the datagrams to the service manager and the journal. */
@NullMarked
package dev.lockstep.systemd.socket;

import org.jspecify.annotations.NullMarked;
