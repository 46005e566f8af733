package dev.lockstep.podman;

import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.process.LivingProcesses;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Scratch directories that killed runs leave: podman's scratch space of a pull, stores in which an image was fetched for repair, copies of
 * credentials. An orphan of a killed run may still be at work in one, so a directory that a living process names is left alone.
 */
public final class LeftOvers {

    private LeftOvers() {}

    /**
     * Removes them.
     *
     * @param runtime the runtime directory in which pull arguments were made
     */
    public static void remove(StoreLocation store, Path runtime) throws IOException {
        List<Path> found = new ArrayList<>();
        found.addAll(list(Podman.scratchDirectory(store.directory()), "pull-*"));
        found.addAll(list(
                java.util.Objects.requireNonNull(store.directory().getParent(), "a store has a parent"),
                Repair.PREFIX + "*"));
        found.addAll(list(runtime, PullArguments.PREFIX + "*"));
        if (found.isEmpty()) {
            return;
        }
        LivingProcesses living = LivingProcesses.look();
        for (Path directory : found) {
            if (!living.anyNames(String.valueOf(directory.getFileName()))) {
                DurableFiles.deleteTree("left-over", directory);
            }
        }
    }

    private static List<Path> list(Path directory, String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return found;
    }
}
