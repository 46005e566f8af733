/**
 * What a root file system binds: which application images the units of a deployment need.
 *
 * <p>The story reads {@link dev.lockstep.manifest.RootTree} (a foreign root, read without letting it lead us out of it) →
 * {@link dev.lockstep.manifest.BoundImages} (every bound image and every problem, told at once) →
 * {@link dev.lockstep.manifest.BoundImage} with its {@link dev.lockstep.manifest.ImageReference}.
 *
 * <p>This package must not know podman, transactions or the network: it turns files into values.
 */
@NullMarked
package dev.lockstep.manifest;

import org.jspecify.annotations.NullMarked;
