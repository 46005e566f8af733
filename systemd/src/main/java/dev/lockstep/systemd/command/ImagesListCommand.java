package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep images list}: also the interface for image builders and other tools. Needs neither privilege nor daemon. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the images that the root file system in DIR binds, and every mistake in how it does so.",
            "Exit status 1 when a mistake fails the staging of this root."
        })
final class ImagesListCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    ImagesCommand images;

    @Option(names = "--root", paramLabel = "DIR", required = true, description = "The root file system to read.")
    Path directory = Path.of("/");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "table (default), json, or pull-commands: a podman command line an image.")
    Format format = Format.table;

    @Option(
            names = "--all-quadlets",
            description = "Lists the images of every Quadlet file of the system's manager, bound or not.")
    boolean allQuadlets;

    /** Forms of the list, named as on the command line. */
    enum Format {
        /** For people. */
        table,
        /** {@code dev.lockstep.images/v1}. */
        json,
        /** One shell command a line. */
        pull_commands {
            @Override
            public String toString() {
                return "pull-commands";
            }
        }
    }

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(requireNonNull(images).root);
        BoundImages bound = read();
        Format wanted = command.options.json ? Format.json : format;
        String text = switch (wanted) {
            case table -> ImageLists.table(bound);
            case json -> ImageLists.json(directory, bound) + "\n";
            case pull_commands -> ImageLists.pullCommands(bound);
        };
        command.terminal().out().print(text);
        command.terminal().out().flush();
        if (wanted != Format.json) {
            bound.problems()
                    .forEach(problem -> command.terminal()
                            .err()
                            .println(problem.severity().name().toLowerCase(java.util.Locale.ROOT) + ": " + problem));
        }
        return bound.failed() ? ErrorCode.Category.FAILED.exitStatus() : 0;
    }

    private BoundImages read() throws LockstepException {
        if (!Files.isDirectory(directory)) {
            throw new LockstepException(
                    ErrorCode.USAGE, directory + " is not a directory", "name the root file system with --root");
        }
        try (RootTree root = RootTree.open(directory)) {
            return BoundImages.of(root, allQuadlets ? BoundImages.Quadlets.ALL : BoundImages.Quadlets.CHOSEN);
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.USAGE,
                    "the root " + directory + " cannot be read: " + e.getMessage(),
                    "see to its permissions",
                    e);
        }
    }
}
