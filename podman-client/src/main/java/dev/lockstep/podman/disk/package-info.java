/**
 * What must survive a power cut: files replaced whole and made durable, and the named fault points that tests crash at.
 */
@NullMarked
package dev.lockstep.podman.disk;

import org.jspecify.annotations.NullMarked;
