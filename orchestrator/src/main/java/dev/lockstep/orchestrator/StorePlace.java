package dev.lockstep.orchestrator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Where the image store of a root lies that is not booted and in no sysroot. */
final class StorePlace {
    private static final Path BELOW_ROOT = Path.of("var/lib/lockstep/storage");
    private static final String NAME = "storage";

    private StorePlace() {}

    /**
     * Finds it; nothing is made.
     *
     * @param chosen instead of {@code var/lib/lockstep/storage} in the root
     * @throws LockstepException USAGE when the root is no directory, when a link would lead out of it, or when the chosen directory could not
     *     become the store of a host
     */
    static Layout of(Path directory, Optional<Path> chosen) throws LockstepException {
        Path root = real(directory);
        if (chosen.isPresent()) {
            Path store = chosen.get().toAbsolutePath().normalize();
            if (!store.endsWith(NAME) || store.getNameCount() < 2) {
                throw new LockstepException(
                        ErrorCode.USAGE,
                        "the store " + store + " could not become /var/lib/lockstep/storage: it has another name, and"
                                + " what is known of its images lies beside it",
                        "name a directory lockstep/storage with --store, such as"
                                + " SYSROOT/ostree/deploy/STATEROOT/var/lib/lockstep/storage");
            }
            return Layout.ofStore(root, Objects.requireNonNull(store.getParent(), "it has two names"));
        }
        Path store = root;
        for (Path name : BELOW_ROOT) {
            store = store.resolve(name);
            // Followed by this process, a link of the root would lead to the host's own directories.
            if (Files.isSymbolicLink(store)) {
                throw new LockstepException(
                        ErrorCode.USAGE,
                        "the root's " + store + " is a link, which leads elsewhere once the root is booted",
                        "name the directory that will be its /var/lib/lockstep/storage with --store");
            }
        }
        return Layout.ofStore(root, Objects.requireNonNull(store.getParent(), "it is below the root"));
    }

    private static Path real(Path directory) throws LockstepException {
        if (!Files.isDirectory(directory)) {
            throw new LockstepException(
                    ErrorCode.USAGE, directory + " is not a directory", "name the root file system with --root");
        }
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.USAGE,
                    "the root " + directory + " cannot be opened: " + Failures.reason(e),
                    "see to its permissions",
                    e);
        }
    }
}
