package dev.lockstep.orchestrator;

import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.PullArguments;
import dev.lockstep.podman.Retry;
import dev.lockstep.podman.RootFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Asks registries with the options of an image, and again when what failed can pass. By several threads at once. */
final class RegistryCalls {
    private final Configuration configuration;
    private final Path runtime;
    private final Retry retry;
    private final Progress progress;

    /**
     * Calls of a host.
     *
     * @param runtime where files of pull options are copied for the time of a call
     */
    RegistryCalls(Configuration configuration, Path runtime, Retry retry, Progress progress) {
        this.configuration = configuration;
        this.runtime = runtime;
        this.retry = retry;
        this.progress = progress;
    }

    /** Something done with pull arguments. */
    @FunctionalInterface
    interface Call<T> {
        /** Asks once. */
        T run(PullArguments arguments) throws ImageException;
    }

    /**
     * Calls with the files that the options name in a root.
     *
     * @throws LockstepException with the last failure, once it does not pass or was tried often and long enough
     */
    <T> T run(PullOptions options, RootFiles root, Call<T> call) throws LockstepException {
        try (PullArguments arguments = prepare(options, root)) {
            return retry.run(
                    configuration.fetching().limits(options),
                    () -> call.run(arguments),
                    (failure, delay) -> progress.warning(failure.getMessage() + "; trying again in " + text(delay)));
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** A root is read by one thread at a time. */
    private synchronized PullArguments prepare(PullOptions options, RootFiles root) throws ImageException {
        return PullArguments.prepare(root, options, configuration.authFile(), runtime);
    }

    private static String text(Duration delay) {
        return String.format(Locale.ROOT, "%.1f s", delay.toMillis() / 1000.0);
    }
}
