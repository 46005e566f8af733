package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.LoopbackRegistry;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.OciImages;
import dev.lockstep.podman.OciWriter;
import dev.lockstep.podman.PullWatch;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.Retry;
import dev.lockstep.podman.disk.Posix;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.disk.Space;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.podman.process.SystemTools;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the images that a root binds into an OCI directory, for hosts without a network. Of a list of platforms only the wanted one comes
 * along, beside the list itself, so every reference means there what it means in its registry, by the same digests.
 *
 * <p>After success the directory is on its medium and was read back. After a failure or a kill it names what it named before, and the next run
 * goes on with the blobs that have come.
 */
public final class DirectoryFilling {
    private final Layout layout;
    private final OciDirectory directory;
    private final List<ImageReference> added;
    private final Configuration configuration;
    private final Progress progress;
    private final Cancellation cancellation;
    private final Registry registry;
    private final RegistryCalls calls;
    private final AtomicInteger programs = new AtomicInteger();
    private final AtomicLong nanoseconds = new AtomicLong();
    private int fetched;

    /**
     * What is written where.
     *
     * @param root the root file system that binds the images
     * @param to the directory
     * @param added images beside those that the root binds, such as the operating system's own
     * @param configuration a configuration file instead of the host's
     */
    public record Request(Path root, OciDirectory to, List<ImageReference> added, Optional<Path> configuration) {
        public Request {
            added = List.copyOf(added);
        }
    }

    private DirectoryFilling(
            Layout layout, Request request, Configuration configuration, Progress told, Cancellation cancellation) {
        this.layout = layout;
        this.directory = request.to();
        this.added = request.added();
        this.configuration = configuration;
        this.progress = new SerialProgress(told);
        this.cancellation = cancellation;
        this.registry = new Registry(counted(SystemTools.here(cancellation)));
        Retry retry = new Retry(Clock.systemUTC(), new Random(), cancellation::await);
        this.calls = new RegistryCalls(configuration, layout.runtime(), retry, progress);
    }

    private Tools counted(Tools tools) {
        return call -> {
            programs.incrementAndGet();
            long start = System.nanoTime();
            try {
                return tools.run(call);
            } finally {
                nanoseconds.addAndGet(System.nanoTime() - start);
            }
        };
    }

    /**
     * Finds the places; nothing is made.
     *
     * @throws LockstepException USAGE when the root is no directory
     */
    public static DirectoryFilling open(Request request, Progress progress, Cancellation cancellation)
            throws LockstepException {
        return new DirectoryFilling(
                StorePlace.of(request.root(), Optional.empty()),
                request,
                Configuration.load(request.configuration()),
                progress,
                cancellation);
    }

    /** Writes what the root binds, and reads it back. */
    public Reports.Pulled run() throws LockstepException {
        if (Posix.effectiveUser() != 0) {
            throw new LockstepException(
                    ErrorCode.PRIVILEGE, "only root can read all of a root", "run it as root, for example with sudo");
        }
        Path lock = layout.runtime().resolve("images-pull-to.lock");
        try (TransactionLock ignored = TransactionLock.take(lock, "images pull --to");
                RootTree root = RootTree.open(layout.sysroot())) {
            return fill(root);
        } catch (IOException e) {
            throw Failures.sysroot("read the root", layout.sysroot(), e);
        } catch (LockstepException e) {
            String hint = e.hint().replace("run 'lockstep retry'", "run 'lockstep images pull --to' again");
            throw new LockstepException(e.code(), String.valueOf(e.getMessage()), hint, e)
                    .leaving(directory + " names what it named before; blobs that have come stay in it");
        }
    }

    private Reports.Pulled fill(RootTree root) throws LockstepException {
        progress.step(Progress.Step.READ, "what " + layout.sysroot() + " binds");
        List<BoundImage> images = new ArrayList<>(RootImages.read(root, layout.sysroot(), progress));
        added.forEach(reference -> images.add(new BoundImage(
                reference,
                BoundImage.Mode.BIND,
                PullOptions.DEFAULT.withTlsVerify(configuration.tlsVerify()),
                List.of())));
        progress.step(Progress.Step.RESOLVE, count(images.size()));
        List<BindingRecord.Bound> meanings = new ArrayList<>();
        List<ImageKeeper.Wanted> wanted = RootImages.wanted(resolve(images, root), meanings, progress);
        progress.step(Progress.Step.PULL, count(wanted.size()));
        Set<ResolvedImage> written = write(wanted, root);
        progress.step(Progress.Step.CONFIRM, count(written.size()));
        confirm(wanted, written);
        return report(meanings, written);
    }

    private List<Resolution.Answer> resolve(List<BoundImage> images, RootTree root) {
        ImageSources sources = new ImageSources(new OfflineImages(Optional.empty()), registry, calls, layout.runtime());
        return new Resolution(configuration.fetching().parallel(), sources, cancellation)
                .resolve(
                        images,
                        Map.of(),
                        root::copyOut,
                        index -> tell(index, images.size(), images.get(index).reference(), "resolving"));
    }

    /** Writes them and returns those that were written: all bound ones, and the prefetched ones that could be had. */
    private Set<ResolvedImage> write(List<ImageKeeper.Wanted> wanted, RootTree root) throws LockstepException {
        Set<ResolvedImage> written = new HashSet<>();
        try {
            OciWriter writer = OciWriter.open(directory);
            Transfers transfers = new Transfers(plan(wanted, writer), progress, Clock.systemUTC());
            try (LoopbackRegistry inside = writer.serve()) {
                for (int index = 0; index < wanted.size(); index++) {
                    ImageKeeper.Wanted image = wanted.get(index);
                    Copy copy = new Copy(image, root, writer, inside, transfers);
                    if (writes(copy, index, wanted.size())) {
                        written.add(image.resolved());
                    }
                }
            }
            writer.finish();
            return written;
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    /** Bytes to fetch, which must fit. */
    private long plan(List<ImageKeeper.Wanted> wanted, OciWriter writer) throws ImageException, LockstepException {
        Set<ResolvedImage.Blob> missing = new HashSet<>();
        int present = 0;
        for (ImageKeeper.Wanted image : wanted) {
            missing.addAll(writer.missing(image.resolved()));
            present += writer.has(image.resolved()) ? 1 : 0;
        }
        long bytes = missing.stream().mapToLong(ResolvedImage.Blob::size).sum();
        Space free = writer.space();
        progress.plan(new Progress.Plan(wanted.size(), present, missing.size(), bytes, bytes, free.bytes()));
        if (bytes > free.bytes()) {
            throw new LockstepException(
                    ErrorCode.STORE_FULL,
                    "the images do not fit into " + directory + ": " + Sizes.text(bytes) + " are to come, "
                            + Sizes.text(free.bytes()) + " are free",
                    "make room on its file system, or name a directory on another one");
        }
        return bytes;
    }

    /** One image on its way. */
    private record Copy(
            ImageKeeper.Wanted image, RootTree root, OciWriter writer, LoopbackRegistry inside, Transfers transfers) {}

    private boolean writes(Copy copy, int index, int number) throws LockstepException {
        BoundImage bound = copy.image().bound();
        try {
            boolean present = copy.writer().has(copy.image().resolved());
            tell(
                    index,
                    number,
                    bound.reference(),
                    present
                            ? "present"
                            : "copying " + Sizes.text(copy.image().resolved().size()));
            write(copy, present);
            fetched += present ? 0 : 1;
            return true;
        } catch (ImageException e) {
            throw Failures.of(e);
        } catch (LockstepException e) {
            if (bound.mode() == BoundImage.Mode.BIND || e.code() == ErrorCode.CANCELLED) {
                throw e;
            }
            progress.warning(bound.reference() + ": " + e.getMessage());
            return false;
        }
    }

    private void write(Copy copy, boolean present) throws ImageException, LockstepException {
        ResolvedImage resolved = copy.image().resolved();
        // What the reference itself names: with a platform chosen, that may be a list which nothing else names.
        String top = resolved.reference().digest().orElse(resolved.digest());
        Transfers.Counter counter = copy.transfers().counter(resolved);
        calls.run(copy.image().bound().pull(), copy.root()::copyOut, arguments -> {
            if (!present) {
                counter.begins(copy.writer().missing(resolved).stream()
                        .mapToLong(ResolvedImage.Blob::size)
                        .sum());
                PullWatch watch = new PullWatch(configuration.fetching().stallTimeout(), counter::received);
                copy.writer().copy(registry, resolved, arguments, copy.inside(), watch);
                counter.ends();
            }
            if (!copy.writer().has(top)) {
                copy.writer().add(registry.manifest(resolved.reference().at(top), arguments), top);
            }
            return true;
        });
        copy.writer().name(resolved.reference(), top);
    }

    /** Read as a host will read it. */
    private void confirm(List<ImageKeeper.Wanted> wanted, Set<ResolvedImage> written) throws LockstepException {
        try {
            OciImages images = OciImages.open(directory);
            for (ImageKeeper.Wanted image : wanted) {
                Optional<ResolvedImage> found =
                        images.resolve(image.bound().reference(), image.bound().pull());
                if (written.contains(image.resolved()) && !found.equals(Optional.of(image.resolved()))) {
                    throw new LockstepException(
                            ErrorCode.NOT_CONFIRMED,
                            directory + " does not have " + image.bound().reference() + " as "
                                    + image.resolved().digest() + " after it was written",
                            "see whether its medium is failing");
                }
            }
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private Reports.Pulled report(List<BindingRecord.Bound> meanings, Set<ResolvedImage> written) {
        List<Reports.Image> images = meanings.stream()
                .map(image -> Inspection.image(
                        image, image.resolved().filter(written::contains).map(any -> new Confirmation.Present())))
                .toList();
        String summary = "Written: " + count(written.size()) + " that " + layout.sysroot() + " needs "
                + (written.size() == 1 ? "is" : "are") + " in " + directory + "."
                + (written.size() < images.size()
                        ? " " + (images.size() - written.size()) + " of those that it prefetches could not be had."
                        : "");
        return new Reports.Pulled(
                layout.sysroot().toString(),
                directory.path().toString(),
                summary,
                images,
                fetched,
                0,
                programs.get(),
                Duration.ofNanos(nanoseconds.get()).toMillis());
    }

    private void tell(int index, int number, ImageReference reference, String what) {
        progress.image(index + 1, number, reference.toString(), what);
    }

    private static String count(int images) {
        return images + (images == 1 ? " image" : " images");
    }
}
