package dev.lockstep.systemd.command;

import dev.lockstep.podman.process.Cancellation;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs several command lines in one process. The cache from which the command starts (JEP 483, JEP 515) keeps what one process has loaded, and
 * no single command line loads what each of them needs. Run by the build alone.
 */
public final class Rehearsal {
    private static final String NEXT = "--then";

    private Rehearsal() {}

    /**
     * Runs them one after the other, whatever becomes of them; all write to standard output and standard error.
     *
     * @param arguments command lines, with {@code --then} between them
     */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(NEXT)) {
                run(words, new Terminal(out, err, false));
                words.clear();
            } else {
                words.add(argument);
            }
        }
        run(words, new Terminal(out, err, false));
        out.flush();
    }

    private static void run(List<String> words, Terminal terminal) {
        LockstepCommand.run(words.toArray(String[]::new), terminal, new Cancellation());
    }
}
