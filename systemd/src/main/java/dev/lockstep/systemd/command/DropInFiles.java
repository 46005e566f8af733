package dev.lockstep.systemd.command;

import dev.lockstep.manifest.Lint;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes drop-ins of Quadlet units, and never over a file that is there. */
final class DropInFiles {
    private final Optional<RootTree> root;
    private final Path directory;

    private DropInFiles(Optional<RootTree> root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    /** Beside each unit. A directory of drop-ins that is a link is not followed: in a foreign root it may lead anywhere. */
    static DropInFiles inside(RootTree root) {
        return new DropInFiles(Optional.of(root), root.path());
    }

    /** All into one directory, from which they can be copied into a directory that Quadlet reads. */
    static DropInFiles below(Path directory) {
        return new DropInFiles(Optional.empty(), directory);
    }

    /**
     * Writes them. After a failure those before it in the list are written, whole.
     *
     * @return the files
     */
    List<Path> write(List<Lint.DropIn> dropIns) throws LockstepException {
        List<Path> written = new ArrayList<>();
        for (Lint.DropIn dropIn : dropIns) {
            Path parent =
                    root.isPresent() ? directory.resolve(dropIn.directory().substring(1)) : directory;
            Path file = parent.resolve(dropIn.path());
            try {
                if (root.isPresent()) {
                    requireNoLink(root.get(), dropIn);
                }
                Files.createDirectories(file.getParent());
                Files.writeString(file, dropIn.text(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            } catch (IOException e) {
                throw new LockstepException(
                        ErrorCode.USAGE,
                        "the drop-in " + file + " cannot be written: " + e,
                        "remove what is in its place, or name another directory with --fix-dropins=DIR",
                        e);
            }
            written.add(file);
        }
        return written;
    }

    private static void requireNoLink(RootTree root, Lint.DropIn dropIn) throws IOException {
        String parent = dropIn.directory() + "/" + dropIn.unit() + ".d";
        Optional<String> real = root.resolve(parent);
        if (root.readLink(parent).isPresent()
                || (real.isPresent() && !real.get().equals(parent))) {
            throw new IOException(parent + " is a link");
        }
    }
}
