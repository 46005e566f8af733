package dev.lockstep.systemd.gate;

import dev.lockstep.orchestrator.gate.Gate;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The command line.
 *
 * @param paths where everything is read
 * @param verdict where the verdict is written
 * @param patience how long ostree's lock is waited for
 * @param command the one that finalizes
 */
record GateOptions(Gate.Paths paths, Path verdict, Duration patience, List<String> command) {
    static final String USAGE = """
            Usage: lockstep-gate [OPTION]... [--] [COMMAND]...
            Lets the staged deployment be finalized when its images are confirmed, else keeps it from becoming bootable.
            COMMAND finalizes; without one it is 'ostree admin finalize-staged'.
              --sysroot DIR     the sysroot (/sysroot)
              --run DIR         where ostree notes what is staged (/run/ostree)
              --state DIR       where the pass is read and the verdict is written (/var/lib/lockstep)
              --root DIR        the root whose /etc counts (/)
              --boot-id FILE    the boot's ID (/proc/sys/kernel/random/boot_id)
              --patience MS     how many milliseconds ostree's lock is waited for (20000)
              --help            this text
            Exit status: 0 finalized, or nothing is staged, or it is locked; 1 refused; 2 a wrong command line; else that of COMMAND.
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> FINALIZE = List.of("ostree", "admin", "finalize-staged");

    GateOptions {
        command = List.copyOf(command);
    }

    /**
     * Reads a command line; empty when it asks for help.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static Optional<GateOptions> parse(List<String> arguments) {
        Gate.Paths host = Gate.Paths.ofTheHost();
        Path sysroot = host.sysroot();
        Path run = host.run();
        Path state = Objects.requireNonNull(host.pass().getParent(), "the pass has a directory");
        Path root = host.root();
        Path bootId = host.bootId();
        Duration patience = PATIENCE;
        int next = 0;
        while (next < arguments.size() && arguments.get(next).startsWith("-")) {
            String option = arguments.get(next++);
            if (option.equals("--")) {
                break;
            }
            if (option.equals("--help")) {
                return Optional.empty();
            }
            if (next == arguments.size()) {
                throw new IllegalArgumentException("'" + option + "' needs a value, or is not an option");
            }
            String value = arguments.get(next++);
            switch (option) {
                case "--sysroot" -> sysroot = Path.of(value);
                case "--run" -> run = Path.of(value);
                case "--state" -> state = Path.of(value);
                case "--root" -> root = Path.of(value);
                case "--boot-id" -> bootId = Path.of(value);
                case "--patience" -> patience = milliseconds(value);
                default -> throw new IllegalArgumentException("there is no option '" + option + "'");
            }
        }
        List<String> command = arguments.subList(next, arguments.size());
        return Optional.of(new GateOptions(
                new Gate.Paths(sysroot, run, state.resolve(name(host.pass())), bootId, root),
                state.resolve(name(Path.of(VerdictFile.PLACE))),
                patience,
                command.isEmpty() ? FINALIZE : command));
    }

    private static Path name(Path file) {
        return Objects.requireNonNull(file.getFileName(), "a file has a name");
    }

    private static Duration milliseconds(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("'--patience' needs a number of milliseconds, not '" + text + "'");
        }
        return Duration.ofMillis(Long.parseLong(text));
    }
}
