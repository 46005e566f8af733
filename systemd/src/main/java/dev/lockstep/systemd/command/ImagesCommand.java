package dev.lockstep.systemd.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lockstep images}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Tells which images a root file system binds, and fills its store.",
        subcommands = {ImagesListCommand.class, ImagesPullCommand.class})
final class ImagesCommand implements Runnable {
    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with images: list or pull");
    }
}
