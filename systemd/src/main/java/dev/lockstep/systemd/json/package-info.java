/**
 * Reports as JSON documents, and back: what {@code --json} prints is what goes over the bus. Entry points: {@link
 * dev.lockstep.systemd.json.JsonOutput} and {@link dev.lockstep.systemd.json.JsonInput}.
 */
@NullMarked
package dev.lockstep.systemd.json;

import org.jspecify.annotations.NullMarked;
