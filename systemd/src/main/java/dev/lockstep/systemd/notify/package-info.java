/**
 * What the service manager is told: {@link dev.lockstep.systemd.notify.Notify}. It knows the protocol of sd_notify(3) and nothing of what the
 * daemon does.
 */
@NullMarked
package dev.lockstep.systemd.notify;

import org.jspecify.annotations.NullMarked;
