package dev.lockstep.podman;

import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        String living = living();
        for (Path directory : found) {
            if (!living.contains(String.valueOf(directory.getFileName()))) {
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

    /** Arguments and environments of every process but this one. */
    private static String living() throws IOException {
        StringBuilder text = new StringBuilder();
        String own = String.valueOf(ProcessHandle.current().pid());
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (!own.equals(String.valueOf(process.getFileName()))) {
                    text.append(content(process.resolve("cmdline")))
                            .append('\n')
                            .append(content(process.resolve("environ")))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // The process has ended meanwhile.
            return "";
        }
    }
}
