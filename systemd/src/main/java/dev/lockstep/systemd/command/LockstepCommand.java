package dev.lockstep.systemd.command;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.DirectoryFilling;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Occurrence;
import dev.lockstep.orchestrator.Progress;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.orchestrator.StoreFilling;
import dev.lockstep.orchestrator.TagLookup;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.systemd.journal.Journaling;
import dev.lockstep.systemd.json.JsonOutput;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command's root: global options, and how a subcommand reaches the orchestrator. */
@Command(
        name = "lockstep",
        description = {
            "Moves an image-based host's operating system and its application images in one transaction.",
            "A new deployment can boot only when every image that it binds is here, whole and durable."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footerHeading = "%nThe road:%n",
        footer = {
            "  lockstep check                        is there something new?",
            "  lockstep upgrade --target IMAGE       fetch it and its images, make it boot next",
            "  lockstep status                       which state is the host in?",
            "  lockstep retry                        go on after an interruption",
            "  lockstep rollback                     back to the former deployment",
            "  lockstep repair                       fetch again what the booted deployment has lost",
            "",
            "The daemon lockstepd does the work, and is started when it is needed. With --standalone this process does it itself,",
            "also on a sysroot that is not booted (--sysroot DIR)."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:done, or nothing to do",
            " 1:failed, the state is unchanged",
            " 2:the command line was wrong",
            " 3:another transaction holds the lock",
            " 4:a privilege is missing",
            " 5:failed, the state is unchanged; worth trying again, or after making room",
            " 6:the deployment that is booted, or boots next, lacks an image or has a damaged one",
            " 7:ready, but held",
        })
final class LockstepCommand implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    GlobalOptions options = new GlobalOptions();

    private final Terminal terminal;
    private final Cancellation cancellation;
    private Optional<Progress> program = Optional.empty();
    private Optional<OciDirectory> from = Optional.empty();

    LockstepCommand(Terminal terminal, Cancellation cancellation) {
        this.terminal = terminal;
        this.cancellation = cancellation;
    }

    /** Runs a command line and returns its exit status; nothing is thrown. */
    static int run(String[] arguments, Terminal terminal, Cancellation cancellation) {
        LockstepCommand root = new LockstepCommand(terminal, cancellation);
        CommandLine line = Subcommands.of(root, arguments);
        line.setOut(terminal.out()).setErr(terminal.err());
        line.setExpandAtFiles(false);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler((failure, words) -> root.wrongUsage(failure));
        line.setExecutionExceptionHandler((failure, command, result) -> root.failed(failure));
        return line.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: a command is missing");
    }

    private int wrongUsage(ParameterException failure) {
        String name = failure.getCommandLine().getCommandSpec().qualifiedName();
        Errors.usage(terminal, options.json, String.valueOf(failure.getMessage()), name);
        return 2;
    }

    private int failed(Exception failure) {
        if (failure instanceof LockstepException known) {
            Errors.known(terminal, options.json, known);
            return known.code().category().exitStatus();
        }
        Errors.internal(terminal, options.json, options.verbose, failure);
        return 1;
    }

    /** Something asked of the orchestrator. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Lockstep lockstep) throws LockstepException;
    }

    /** Something asked of the daemon. */
    @FunctionalInterface
    interface Call<T> {
        T ask(DaemonClient client) throws LockstepException;
    }

    /** Asks the daemon, or the orchestrator in this process when that is wanted. */
    <T> T ask(Question<T> question, Call<T> call) throws LockstepException {
        if (options.standalone) {
            return ask(question);
        }
        if (options.namesAnotherPlace()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "lockstepd works on the booted host with its own configuration: --sysroot, --stateroot and --config need --standalone");
        }
        try (DaemonClient client = DaemonClient.open()) {
            return call.ask(client);
        }
    }

    /** Tells a program, too, how far the command has got. */
    void alsoTell(Optional<Progress> told) {
        program = told;
    }

    /** Takes images from there before a registry is asked. */
    void takeImagesFrom(Optional<OciDirectory> directory) {
        from = directory;
    }

    private Progress progress() {
        Progress person = options.json ? Progress.SILENT : new TextProgress(terminal, InstantSource.system());
        return program.<Progress>map(told -> new BothProgress(person, told)).orElse(person);
    }

    /** Opens the sysroot in this process and asks. */
    <T> T ask(Question<T> question) throws LockstepException {
        Progress progress = progress();
        Lockstep.Options where = new Lockstep.Options(
                options.sysroot, Optional.ofNullable(options.config), Optional.ofNullable(options.stateroot), from);
        boolean booted = Layout.meansBooted(options.sysroot);
        try (Journaling journaling = Journaling.open(booted, System.getenv(), terminal.err());
                Lockstep lockstep = Lockstep.open(where, journaling.around(progress), cancellation)) {
            return question.ask(lockstep);
        }
    }

    /** Fills the image store of a root, in this process. */
    Reports.Pulled fill(StoreFilling.Request request) throws LockstepException {
        try (StoreFilling filling = StoreFilling.open(request, progress(), cancellation)) {
            return filling.run();
        }
    }

    /** Fills an OCI directory with the images of a root, in this process. */
    Reports.Pulled fill(DirectoryFilling.Request request) throws LockstepException {
        return DirectoryFilling.open(request, progress(), cancellation).run();
    }

    /** Asks registries what the tags of images mean, in this process. */
    Map<ImageReference, String> digests(RootTree root, List<BoundImage> images) throws LockstepException {
        return new TagLookup(Optional.ofNullable(options.config), progress(), cancellation).digests(root, images);
    }

    /** Tells the journal what this command did by itself. */
    void tell(Occurrence occurrence) {
        boolean booted = Layout.meansBooted(options.sysroot);
        try (Journaling journaling = Journaling.open(booted, System.getenv(), terminal.err())) {
            journaling.around(Progress.SILENT).event(occurrence);
        }
    }

    /** Writes an answer, in the form that was asked for. */
    void answer(String command, Object report, String text) {
        if (options.json) {
            terminal.out().println(JsonOutput.text("dev.lockstep." + command + "/v1", report));
        } else {
            terminal.out().print(text);
        }
        terminal.out().flush();
    }

    /** Asks the daemon for a change, or the orchestrator in this process, and answers with what became of it. */
    int change(String command, Question<Reports.Outcome> question, String method, Map<String, Variant<?>> values)
            throws LockstepException {
        return answer(command, outcome(question, method, values));
    }

    /** The same without the answer. */
    Reports.Outcome outcome(Question<Reports.Outcome> question, String method, Map<String, Variant<?>> values)
            throws LockstepException {
        return ask(question, client -> new Following(client, progress(), cancellation).change(method, values));
    }

    /** Asks for a change in this process and answers with what became of it. */
    int change(String command, Question<Reports.Outcome> question) throws LockstepException {
        return answer(command, ask(question));
    }

    private int answer(String command, Reports.Outcome outcome) {
        answer(command, outcome, TextOutput.outcome(outcome));
        return 0;
    }

    /** Whether the process was asked to stop. */
    boolean isInterrupted() {
        return cancellation.requested();
    }

    Terminal terminal() {
        return terminal;
    }

    static Optional<String> given(@Nullable String value) {
        return Optional.ofNullable(value);
    }
}
