package dev.lockstep.podman.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of this host but for this one, read from {@code /proc}: an orphan of a killed run is known by what its command line or its
 * environment names.
 */
public final class LivingProcesses {
    private static final Path PROC = Path.of("/proc");

    private final List<Seen> seen;

    /** One process's arguments and environment, as the kernel keeps them, words ended by NUL. */
    private record Seen(String arguments, String environment) {}

    private LivingProcesses(List<Seen> seen) {
        this.seen = List.copyOf(seen);
    }

    /** Looks once. */
    public static LivingProcesses look() throws IOException {
        List<Seen> seen = new ArrayList<>();
        String own = String.valueOf(ProcessHandle.current().pid());
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (!own.equals(String.valueOf(process.getFileName()))) {
                    seen.add(new Seen(content(process.resolve("cmdline")), content(process.resolve("environ"))));
                }
            }
        }
        return new LivingProcesses(seen);
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // The process has ended meanwhile.
            return "";
        }
    }

    /** Whether a process has this text in its arguments or its environment. */
    public boolean anyNames(String text) {
        return seen.stream()
                .anyMatch(process -> process.arguments().contains(text)
                        || process.environment().contains(text));
    }

    /** Whether a process has all of these words among its arguments. */
    public boolean anyRuns(List<String> words) {
        return seen.stream()
                .map(process -> List.of(process.arguments().split("\0")))
                .anyMatch(arguments -> arguments.containsAll(words));
    }
}
