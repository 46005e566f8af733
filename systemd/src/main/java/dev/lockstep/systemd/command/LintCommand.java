package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.manifest.Lint;
import dev.lockstep.manifest.Problem;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.json.JsonOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep lint}: for {@code RUN lockstep lint} in the build of a root. Needs neither privilege nor daemon. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = {
            "Tells all that is wrong with how the root file system in DIR binds its images.",
            "It also warns of what is allowed and yet lets a deployment start without them.",
            "Exit status 1 when a mistake fails the staging of this root; warnings alone do not."
        })
final class LintCommand implements Callable<Integer> {
    private static final String IN_PLACE = "";

    @ParentCommand
    @Nullable
    LockstepCommand root;

    @Option(names = "--root", paramLabel = "DIR", description = "The root file system to read (default: /).")
    Path directory = Path.of("/");

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    Format format = Format.text;

    @Option(
            names = "--fix-dropins",
            paramLabel = "DIR",
            arity = "0..1",
            fallbackValue = IN_PLACE,
            description = {
                "Writes a drop-in for each unit that one mends, into DIR, or beside the unit when no DIR is given.",
                "What is told is what was so before."
            })
    @Nullable
    String fixes;

    @Option(
            names = "--digests",
            description = {
                "With --fix-dropins: also asks registries what tags mean, and writes drop-ins that name images by digest.",
                "Needs skopeo and the network."
            })
    boolean digests;

    /** Forms of the answer, named as on the command line. */
    enum Format {
        /** A line for each problem. */
        text,
        /** {@code dev.lockstep.lint/v1}. */
        json
    }

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        if (!Files.isDirectory(directory)) {
            throw new LockstepException(
                    ErrorCode.USAGE, directory + " is not a directory", "name the root file system with --root");
        }
        if (digests && fixes == null) {
            throw new LockstepException(
                    ErrorCode.USAGE, "--digests is about drop-ins", "name --fix-dropins too, or leave --digests away");
        }
        Lint lint;
        List<Path> written;
        try (RootTree tree = RootTree.open(directory)) {
            lint = Lint.of(tree);
            written = fixes == null ? List.of() : write(tree, dropIns(command, tree, lint), fixes);
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.USAGE,
                    "the root " + directory + " cannot be read: " + e.getMessage(),
                    "see to its permissions",
                    e);
        }
        boolean json = command.options.json || format == Format.json;
        command.terminal().out().print(json ? json(lint, written) : text(lint, written));
        command.terminal().out().flush();
        return lint.failed() ? ErrorCode.Category.FAILED.exitStatus() : 0;
    }

    /** Registries are asked before anything is written. */
    private List<Lint.DropIn> dropIns(LockstepCommand command, RootTree tree, Lint lint) throws LockstepException {
        List<Lint.DropIn> dropIns = new ArrayList<>(lint.fixes());
        if (digests) {
            dropIns.addAll(lint.pinning(command.digests(
                    tree,
                    lint.tagged().stream().map(Lint.Tagged::image).distinct().toList())));
        }
        return dropIns;
    }

    private static List<Path> write(RootTree tree, List<Lint.DropIn> fixes, String where) throws LockstepException {
        DropInFiles files = where.equals(IN_PLACE) ? DropInFiles.inside(tree) : DropInFiles.below(Path.of(where));
        return files.write(fixes);
    }

    private static String text(Lint lint, List<Path> written) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : lint.problems()) {
            text.append(problem.severity().name().toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(problem.code())
                    .append(": ")
                    .append(problem)
                    .append('\n');
        }
        written.forEach(file -> text.append("written: ").append(file).append('\n'));
        long errors = lint.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .count();
        return text.append(errors)
                .append(errors == 1 ? " error, " : " errors, ")
                .append(lint.problems().size() - errors)
                .append(lint.problems().size() - errors == 1 ? " warning\n" : " warnings\n")
                .toString();
    }

    private String json(Lint lint, List<Path> written) {
        return json(directory, lint, written) + "\n";
    }

    static String json(Path root, Lint lint, List<Path> written) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("root", root.toString());
        document.put(
                "problems", lint.problems().stream().map(ImageLists::problem).toList());
        document.put("written", written.stream().map(Path::toString).toList());
        return JsonOutput.text("dev.lockstep.lint/v1", document);
    }
}
