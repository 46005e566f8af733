/**
 * The ostree engine, driven by the {@code ostree} command alone: a sysroot that is not booted, content from a container image or an ostree
 * ref. Facts about the command are those of ostree 2022.7 and later.
 */
@NullMarked
package dev.lockstep.orchestrator.ostree;

import org.jspecify.annotations.NullMarked;
