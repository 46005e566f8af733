package dev.lockstep.systemd.command;

import dev.lockstep.podman.process.Cancellation;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;

/** Writes the script that completes command lines in bash(1); the build runs it. */
public final class Completion {

    private Completion() {}

    /**
     * Writes the script to standard output.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        out.print(script());
        out.flush();
    }

    /** The script. */
    static String script() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Terminal terminal = new Terminal(nowhere, nowhere, false);
        return AutoComplete.bash("lockstep", Subcommands.all(new LockstepCommand(terminal, new Cancellation())));
    }
}
