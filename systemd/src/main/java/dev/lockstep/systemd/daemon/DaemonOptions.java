package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Lockstep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The daemon's command line. */
@Command(
        name = "lockstepd",
        mixinStandardHelpOptions = true,
        description = {
            "Serves dev.lockstep.Upgrade1 on the system bus, one transaction at a time.",
            "The service manager starts it when it is asked for; it leaves when it has had no work for a while."
        })
final class DaemonOptions {
    @Option(names = "--sysroot", paramLabel = "DIR", description = "Work on the ostree sysroot in DIR (default: /).")
    Path sysroot = Path.of("/");

    @Option(names = "--stateroot", paramLabel = "NAME", description = "The state root, when the sysroot has several.")
    @Nullable
    String stateroot;

    @Option(names = "--config", paramLabel = "FILE", description = "Read FILE instead of /etc/lockstep/lockstep.toml.")
    @Nullable
    Path config;

    @Option(names = "--bus", paramLabel = "ADDRESS", description = "Serve on this bus instead of the system bus.")
    @Nullable
    String bus;

    @Option(
            names = "--idle-exit",
            paramLabel = "SECONDS",
            description = "Leave after this time without work; 0 stays (default: 60).")
    int idleExit = 60;

    Lockstep.Options where() {
        return new Lockstep.Options(
                sysroot, Optional.ofNullable(config), Optional.ofNullable(stateroot), Optional.empty());
    }

    Optional<Duration> idleTime() {
        return idleExit > 0 ? Optional.of(Duration.ofSeconds(idleExit)) : Optional.empty();
    }
}
