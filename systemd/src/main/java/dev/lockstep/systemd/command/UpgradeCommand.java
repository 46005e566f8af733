package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.orchestrator.Configuration;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reboots;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.SystemTools;
import dev.lockstep.systemd.bus.BusBody;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TargetOptions target = new TargetOptions();

    @Mixin
    FromOption source = new FromOption();

    @Mixin
    ProgressOptions progress = new ProgressOptions();

    @Option(names = "--download-only", description = "Stop when ready; lockstep commit writes the entry.")
    boolean downloadOnly;

    @Option(
            names = "--reboot",
            paramLabel = "WHEN",
            arity = "0..1",
            fallbackValue = "immediate",
            converter = RebootOption.Converter.class,
            description = "Reboot after the commit: immediate (without WHEN), window, configured, or never (default).")
    RebootOption reboot = RebootOption.NEVER;

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(root);
        Reboots reboots = reboots(command.options);
        command.alsoTell(progress.progress());
        command.takeImagesFrom(source.from());
        Lockstep.UpgradeRequest request =
                new Lockstep.UpgradeRequest(target.target(), target.tlsVerify(), downloadOnly);
        Map<String, Variant<?>> values = target.onTheBus();
        values.putAll(source.onTheBus());
        if (downloadOnly) {
            values.put("download-only", BusBody.variant("b", true));
        }
        if (reboots.strategy() == Reboots.Strategy.NEVER) {
            return command.change("upgrade", lockstep -> lockstep.upgrade(request), "Stage", values);
        }
        Reports.Outcome outcome = command.outcome(lockstep -> lockstep.upgrade(request), "Stage", values);
        Rebooting rebooting = new Rebooting(SystemTools.here(), ZonedDateTime.now(ZoneId.systemDefault()));
        Optional<ZonedDateTime> time = rebooting.time(outcome, reboots);
        Reports.Outcome told = time.isPresent() ? noting(outcome, rebooting.words(time.get())) : outcome;
        command.answer("upgrade", told, TextOutput.outcome(told));
        if (time.isPresent()) {
            command.tell(Rebooting.event(outcome, rebooting.words(time.get())));
            rebooting.at(time.get());
        }
        return 0;
    }

    /** Whatever is wrong with it is told before anything is changed. */
    private Reboots reboots(GlobalOptions options) throws LockstepException {
        if (reboot == RebootOption.NEVER) {
            return Reboots.NEVER;
        }
        if (!Layout.meansBooted(options.sysroot)) {
            throw new ParameterException(
                    spec.commandLine(), "--reboot is for the host that runs: " + options.sysroot + " is not booted");
        }
        Reboots reboots = reboot.with(
                Configuration.load(Optional.ofNullable(options.config)).reboots());
        if (reboots.strategy() == Reboots.Strategy.WINDOW && reboots.window().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--reboot=window needs a table [window] in the configuration");
        }
        return reboots;
    }

    private static Reports.Outcome noting(Reports.Outcome outcome, String note) {
        List<String> notes = new ArrayList<>(outcome.notes());
        notes.add(note);
        return new Reports.Outcome(
                outcome.result(),
                outcome.summary(),
                outcome.transaction(),
                outcome.from(),
                outcome.to(),
                outcome.images(),
                outcome.fetched(),
                outcome.repaired(),
                outcome.programs(),
                outcome.programMillis(),
                notes);
    }
}
