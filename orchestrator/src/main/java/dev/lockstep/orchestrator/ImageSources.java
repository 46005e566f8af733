package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.LoopbackRegistry;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.OciImages;
import dev.lockstep.podman.PullArguments;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.RootFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where each image comes from: the OCI directory of this run when that holds it, and then nothing else is asked; else its registry. While a
 * directory was chosen a registry is tried once only, for what is not in it. By several threads at once.
 */
final class ImageSources {
    private final OfflineImages offline;
    private final Registry registry;
    private final RegistryCalls calls;
    private final Path runtime;

    /**
     * Sources of a host.
     *
     * @param runtime where files of pull options are copied for the time of a call
     */
    ImageSources(OfflineImages offline, Registry registry, RegistryCalls calls, Path runtime) {
        this.offline = offline;
        this.registry = registry;
        this.calls = calls;
        this.runtime = runtime;
    }

    /** What a bound reference means. */
    ResolvedImage resolve(BoundImage image, RootFiles root) throws LockstepException {
        Optional<OciImages> directory = offline.images();
        Optional<ResolvedImage> here = directory.isPresent() ? resolve(directory.get(), image) : Optional.empty();
        return here.isPresent()
                ? here.get()
                : fromRegistry(image, root, arguments -> registry.resolve(image.reference(), arguments));
    }

    private static Optional<ResolvedImage> resolve(OciImages directory, BoundImage image) throws LockstepException {
        try {
            return directory.resolve(image.reference(), image.pull());
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** The directory that an image would be fetched from. */
    Optional<OciDirectory> directory(ResolvedImage image) throws LockstepException {
        Optional<OciImages> directory = offline.images();
        return directory.isPresent() && holds(directory.get(), image)
                ? Optional.of(directory.get().directory())
                : Optional.empty();
    }

    private static boolean holds(OciImages directory, ResolvedImage image) throws LockstepException {
        try {
            return directory.holds(image);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** Fetches an image, with the arguments that lead to where it comes from. */
    <T> T fetch(ImageKeeper.Wanted image, RootFiles root, RegistryCalls.Call<T> call) throws LockstepException {
        Optional<OciImages> directory = offline.images();
        if (directory.isEmpty() || !holds(directory.get(), image.resolved())) {
            return fromRegistry(image.bound(), root, call);
        }
        try {
            LoopbackRegistry served = offline.registry(directory.get());
            try (PullArguments arguments = arguments(served, image.bound(), root)) {
                return call.run(arguments);
            } catch (ImageException e) {
                throw directory.get().explain(image.resolved(), served, e);
            }
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** A root is read by one thread at a time. */
    private PullArguments arguments(LoopbackRegistry served, BoundImage image, RootFiles root) throws ImageException {
        synchronized (calls) {
            return PullArguments.from(served, image.reference(), root, image.pull(), runtime);
        }
    }

    private <T> T fromRegistry(BoundImage image, RootFiles root, RegistryCalls.Call<T> call) throws LockstepException {
        Optional<OciImages> directory = offline.images();
        if (directory.isEmpty()) {
            return calls.run(image.pull(), root, call);
        }
        try {
            return calls.run(image.pull().withRetries(0), root, call);
        } catch (LockstepException e) {
            throw e.code() == ErrorCode.CANCELLED
                    ? e
                    : notThereEither(directory.get().directory(), image.reference(), e);
        }
    }

    private static LockstepException notThereEither(
            OciDirectory directory, ImageReference reference, LockstepException failure) {
        return new LockstepException(
                failure.code(),
                directory + " does not hold " + reference + ", and its registry is no help: " + failure.getMessage(),
                "add the image where its registry can be reached ('lockstep images pull --root DIR --to " + directory
                        + "', with --add for the operating system's own), or connect this host",
                failure);
    }
}
