package dev.lockstep.orchestrator.ostree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which deployment a host runs from: the directory that is its root, or the one that the kernel's {@code ostree=} argument leads to. */
public final class BootedDeployment {
    /** ostree makes it at boot; without it a host was not booted by ostree. */
    private static final Path MARKER = Path.of("/run/ostree-booted");

    private static final Path COMMAND_LINE = Path.of("/proc/cmdline");

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private BootedDeployment() {}

    /** The kernel's name of this boot, a UUID. */
    public static String bootId() throws IOException {
        return Files.readString(BOOT_ID, StandardCharsets.ISO_8859_1).strip();
    }

    /** Whether this host was booted by ostree. */
    public static boolean isHere() {
        return Files.exists(MARKER);
    }

    /**
     * The directory of the booted deployment, below {@code /sysroot}; empty when none of the sysroot's is.
     *
     * @throws IOException when the deployments cannot be listed
     */
    public static Optional<Path> find() throws IOException {
        Path root = Path.of("/");
        try (DirectoryStream<Path> stateroots = Files.newDirectoryStream(root.resolve("sysroot/ostree/deploy"))) {
            for (Path stateroot : stateroots) {
                Optional<Path> same = amongDeployments(stateroot.resolve("deploy"), root);
                if (same.isPresent()) {
                    return same;
                }
            }
        }
        // A root that is composed (composefs) is no deployment's directory.
        return BootEntries.link(Files.readString(COMMAND_LINE, StandardCharsets.ISO_8859_1))
                .map(link -> root.resolve("sysroot").resolve(link.substring(1)))
                .filter(Files::isDirectory)
                .map(BootedDeployment::real);
    }

    private static Optional<Path> amongDeployments(Path directory, Path root) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> deployments = Files.newDirectoryStream(directory, "*.[0-9]*")) {
            for (Path deployment : deployments) {
                if (Files.isDirectory(deployment) && Files.isSameFile(deployment, root)) {
                    return Optional.of(deployment);
                }
            }
        }
        return Optional.empty();
    }

    private static Path real(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The name of the state root that a deployment's directory belongs to. */
    public static String stateroot(Path deployment) {
        return BootEntries.staterootOf(deployment);
    }
}
