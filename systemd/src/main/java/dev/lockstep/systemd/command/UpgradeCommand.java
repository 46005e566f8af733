package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep upgrade}. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        description = {
            "Moves to the target: its tree is staged, every image that it binds is fetched, pinned and confirmed, and only then its boot loader entry is written.",
            "Interrupted at any point, the host boots what it booted before; lockstep retry goes on."
        })
final class UpgradeCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Mixin
    TargetOptions target = new TargetOptions();

    @Option(names = "--download-only", description = "Stop when ready; lockstep commit writes the entry.")
    boolean downloadOnly;

    @Override
    public Integer call() throws LockstepException {
        Lockstep.UpgradeRequest request =
                new Lockstep.UpgradeRequest(target.target(), target.tlsVerify(), downloadOnly);
        return requireNonNull(root).change("upgrade", lockstep -> lockstep.upgrade(request));
    }
}
