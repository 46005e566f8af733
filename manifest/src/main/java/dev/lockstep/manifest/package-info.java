/**
 * What a root file system binds: which application images the units of a deployment need.
 *
 * <p>The story reads {@link dev.lockstep.manifest.RootTree} (a foreign root, read without letting it lead us out of it) →
 * {@link dev.lockstep.manifest.BoundImages} (every bound image and every problem, told at once) →
 * {@link dev.lockstep.manifest.BoundImage} with its {@link dev.lockstep.manifest.ImageReference}.
 *
 * <p>Below these, one class reads and another parses. Reading: {@code Openat2} or {@code ComponentWalk} keeps a path inside the root;
 * {@code QuadletDirectories}, {@code QuadletDropIns}, {@code QuadletLinks} and {@code TomlFiles} find the files, and {@code QuadletFiles}
 * reads them. Parsing: {@code UnitFile} is the grammar of a unit file and {@code QuadletUnit} its values, {@code BoundToml} is one table,
 * {@code KubeManifest} is a file of Kubernetes objects, {@code Kustomizations} says which of them MicroShift applies.
 *
 * <p>Of Quadlet files, {@code QuadletRoot} has the units that the real Quadlet takes from a root, {@code QuadletServices} what it makes of
 * each or why it rejects it ({@code QuadletConverter}), {@code QuadletSources} chooses those that are bound, and {@code QuadletBinder} turns
 * what these name into references and options. {@code QuadletVersion} says what differs between versions. All of them put what they find into
 * {@code Findings}.
 *
 * <p>This package must not know podman, transactions or the network: it turns files into values.
 */
@NullMarked
package dev.lockstep.manifest;

import org.jspecify.annotations.NullMarked;
