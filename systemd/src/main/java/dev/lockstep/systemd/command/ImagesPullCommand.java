package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.orchestrator.StoreFilling;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep images pull}: for image builders and installers. Needs root, and no daemon. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = {
            "Fills the image store that the root file system in DIR will have once it is booted: what it binds is fetched by digest and proven.",
            "Nothing is deployed. The first boot then needs no registry."
        })
final class ImagesPullCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    ImagesCommand images;

    @Option(names = "--root", paramLabel = "DIR", required = true, description = "The root file system to read.")
    Path directory = Path.of("/");

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = {
                "The store to fill (default: var/lib/lockstep/storage in the root),",
                "such as SYSROOT/ostree/deploy/STATEROOT/var/lib/lockstep/storage."
            })
    @Nullable
    Path store;

    @Mixin
    ProgressOptions progress = new ProgressOptions();

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(requireNonNull(images).root);
        command.alsoTell(progress.progress());
        Reports.Pulled pulled = command.fill(new StoreFilling.Request(
                directory, Optional.ofNullable(store), Optional.ofNullable(command.options.config)));
        command.answer("images-pull", pulled, TextOutput.pulled(pulled));
        return 0;
    }
}
