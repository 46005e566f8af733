/**
 * Datagrams to the sockets of the service manager and of the journal, which Java's own library cannot send. Entry point: {@link
 * dev.lockstep.systemd.socket.UnixDatagram}. It knows nothing of what is in them.
 */
@NullMarked
package dev.lockstep.systemd.socket;

import org.jspecify.annotations.NullMarked;
