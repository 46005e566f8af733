package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Progress;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that take long. */
final class ProgressOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--progress-fd",
            paramLabel = "N",
            description = "Tell progress as JSON lines on the open file descriptor N.")
    @Nullable
    Integer descriptor;

    /** Where programs are told progress, when they want it. */
    Optional<Progress> progress() {
        if (descriptor == null) {
            return Optional.empty();
        }
        String wrong = "--progress-fd " + descriptor + " is not a file descriptor that is open for writing";
        if (descriptor < 0) {
            throw new ParameterException(spec.commandLine(), wrong);
        }
        try {
            // Java opens no descriptors by number, but the kernel shows each as a file.
            return Optional.of(new JsonLinesProgress(new FileOutputStream("/proc/self/fd/" + descriptor, true)));
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), wrong, e);
        }
    }
}
