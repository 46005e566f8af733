/**
 * D-Bus as both ends of {@code dev.lockstep.Upgrade1} speak it: the connection, objects with their introspection, names and errors. Marshalling
 * and authentication are dbus-java's; calls are answered here, so that an answer may come long after its call without holding a thread. It knows
 * nothing of what is done behind the interface.
 */
@NullMarked
package dev.lockstep.systemd.bus;

import org.jspecify.annotations.NullMarked;
