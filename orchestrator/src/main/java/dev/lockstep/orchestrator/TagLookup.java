package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.Retry;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.podman.process.SystemTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Asks registries what the tags of a root mean, for those who build it. Needs no privilege, and leaves nothing behind: files of pull options
 * are in memory for the time of a question where the host has {@code /dev/shm}.
 */
public final class TagLookup {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Configuration configuration;
    private final Progress progress;
    private final Cancellation cancellation;

    /**
     * A lookup with a host's configuration.
     *
     * @param configuration a configuration file instead of the host's
     */
    public TagLookup(Optional<Path> configuration, Progress told, Cancellation cancellation) throws LockstepException {
        this.configuration = Configuration.load(configuration);
        this.progress = new SerialProgress(told);
        this.cancellation = cancellation;
    }

    /**
     * Asks about images, several at once.
     *
     * @param root that binds them and has the files which their options name
     * @return the digest of each reference, for prefetched images as far as their registries answer
     * @throws LockstepException with every failure of an image that is bound
     */
    public Map<ImageReference, String> digests(RootTree root, List<BoundImage> images) throws LockstepException {
        Path runtime = makeRuntime();
        try {
            return ask(root, images, runtime);
        } catch (LockstepException e) {
            String hint = e.hint().replace("run 'lockstep retry'", "run the command again");
            throw new LockstepException(e.code(), String.valueOf(e.getMessage()), hint, e)
                    .leaving("nothing was written");
        } finally {
            remove(runtime);
        }
    }

    private Map<ImageReference, String> ask(RootTree root, List<BoundImage> images, Path runtime)
            throws LockstepException {
        Retry retry = new Retry(Clock.systemUTC(), new Random(), cancellation::await);
        Registry registry = new Registry(SystemTools.here(cancellation));
        RegistryCalls calls = new RegistryCalls(configuration, runtime, retry, progress);
        ImageSources sources = new ImageSources(new OfflineImages(Optional.empty()), registry, calls, runtime);
        Resolution resolution = Resolution.of(configuration, sources, cancellation);
        Map<ImageReference, String> digests = new LinkedHashMap<>();
        List<LockstepException> failures = new ArrayList<>();
        for (Resolution.Answer answer : resolution.resolve(
                images,
                Map.of(),
                root::copyOut,
                index -> progress.image(
                        index + 1, images.size(), images.get(index).reference().toString(), "resolving"))) {
            if (answer.failure().isPresent()) {
                Resolution.note(answer.image(), answer.failure().get(), progress, failures);
            }
            answer.resolved()
                    .map(ResolvedImage::digest)
                    .ifPresent(digest -> digests.put(answer.image().reference(), digest));
        }
        if (!failures.isEmpty()) {
            throw Failures.together(failures, "cannot be resolved");
        }
        return digests;
    }

    private static Path makeRuntime() throws LockstepException {
        try {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "lockstep-")
                    : Files.createTempDirectory("lockstep-");
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.USAGE,
                    "no directory for temporary files can be made: " + Failures.reason(e),
                    "make /dev/shm or the directory for temporary files writable",
                    e);
        }
    }

    /** Each question removes its own files. */
    private void remove(Path runtime) {
        try {
            Files.delete(runtime);
        } catch (IOException e) {
            progress.warning(runtime + " cannot be removed: " + Failures.reason(e));
        }
    }
}
