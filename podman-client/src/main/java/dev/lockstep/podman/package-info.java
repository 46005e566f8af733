/**
 * The current root's podman and skopeo: what the world outside says an image is, and what our image store really holds.
 *
 * <p>The story reads {@link dev.lockstep.podman.Registry} (reference → digest, layers) → {@link dev.lockstep.podman.Podman} (pull by digest,
 * pin) → {@link dev.lockstep.podman.ImageStore} (confirm by our own reading of the store, sync it, record what is durable).
 *
 * <p>This package must not know deployments or boot loaders.
 */
@NullMarked
package dev.lockstep.podman;

import org.jspecify.annotations.NullMarked;
