package dev.lockstep.systemd.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every subcommand takes, before or after its name. */
final class GlobalOptions {
    @Option(
            names = "--sysroot",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Work on the ostree sysroot in DIR (default: /).")
    Path sysroot = Path.of("/");

    @Option(
            names = "--stateroot",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The state root, when the sysroot has several.")
    @Nullable
    String stateroot;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Read FILE instead of /etc/lockstep/lockstep.toml.")
    @Nullable
    Path config;

    @Option(
            names = "--standalone",
            scope = ScopeType.INHERIT,
            description = "Do the work in this process; no daemon is asked.")
    boolean standalone;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Answer with one JSON document.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show where an internal error happened.")
    boolean verbose;

    /** Whether they lead to something else than what the daemon works on. */
    boolean namesAnotherPlace() {
        return stateroot != null || config != null || !sysroot.equals(Path.of("/"));
    }
}
