/** Tests of reading reports back. */
@NullMarked
package dev.lockstep.systemd.json;

import org.jspecify.annotations.NullMarked;
