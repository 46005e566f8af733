package dev.lockstep.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A program before the real one on the search path: a call with certain arguments waits until it is let go, or fails.
 *
 * @param directory where it lies
 * @param name of the program
 */
record PausedTool(Path directory, String name) {

    /**
     * Puts one into a directory; it waits from the beginning.
     *
     * @param words which calls: a shell pattern that the arguments have in them, with spaces between
     */
    static PausedTool in(Path directory, String name, String words) throws IOException {
        PausedTool tool = new PausedTool(Files.createDirectories(directory), name);
        Files.createFile(tool.file("hold"));
        Path script = Files.writeString(directory.resolve(name), """
                #!/bin/sh
                case " $* " in
                  *%2$s*)
                    : > %1$s.reached
                    while [ -e %1$s.hold ]; do sleep 0.05; done
                    if [ -e %1$s.broken ]; then echo "Error: broken by a test: manifest unknown" >&2; exit 125; fi ;;
                esac
                exec /usr/bin/%3$s "$@"
                """.formatted(directory.resolve(name), words, name));
        if (!script.toFile().setExecutable(true)) {
            throw new IOException(script + " cannot be made executable");
        }
        return tool;
    }

    private Path file(String what) {
        return directory.resolve(name + "." + what);
    }

    /** A run that finds this program first. */
    Run before(Run run) {
        return run.with("PATH", directory + ":" + System.getenv("PATH"));
    }

    /** Waits until a call waits. */
    void awaitCall() {
        await(name + " is called").atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file("reached")));
    }

    /** Lets all calls go, from now on. */
    void letGo() throws IOException {
        Files.delete(file("hold"));
    }

    /** Lets all calls fail, from now on. */
    void breakDown() throws IOException {
        Files.createFile(file("broken"));
        letGo();
    }
}
