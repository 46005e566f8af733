package dev.lockstep.podman;

import java.nio.file.Path;

/**
 * Where an image store lies, for us and for podman. They differ when podman runs in a mount namespace in which the store of a sysroot that is
 * not booted lies where the booted host will have it: podman writes these paths into its database, so they are always spelled the same.
 *
 * @param directory the graph root as this process reads it
 * @param graphRoot the graph root as podman is told ({@code --root})
 * @param runRoot {@code --runroot}
 * @param tmpDir {@code --tmpdir}: podman's own runtime state, kept apart from ordinary podman's
 */
public record StoreLocation(Path directory, Path graphRoot, Path runRoot, Path tmpDir) {}
