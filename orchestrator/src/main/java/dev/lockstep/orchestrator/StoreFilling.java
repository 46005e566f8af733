package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.LeftOvers;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.Repair;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.disk.Posix;
import dev.lockstep.podman.process.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills the image store that a root will have once it boots, for those who build images and install hosts. Nothing is deployed. podman's
 * database remembers paths, so it sees the store at {@code /var/lib/lockstep/storage} while it is filled, wherever it lies.
 *
 * <p>After success every bound image is whole and on the medium, and a note beside the store says what each reference meant. After a failure
 * what has come stays, and the next run goes on from there.
 */
public final class StoreFilling implements AutoCloseable {
    private final Layout layout;
    private final OfflineImages offline;
    private final Progress progress;
    private final SysrootTools tools;
    private final Podman podman;
    private final ImageStore store;
    private final ImageKeeper keeper;

    /**
     * What is filled from what.
     *
     * @param root the root file system that binds the images
     * @param store the graph root instead of the one in the root's own {@code /var}; its name is {@code storage}
     * @param configuration a configuration file instead of the host's
     * @param from where images are taken from before a registry is asked
     */
    public record Request(Path root, Optional<Path> store, Optional<Path> configuration, Optional<OciDirectory> from) {}

    private StoreFilling(
            Layout layout,
            Configuration configuration,
            OfflineImages offline,
            Progress told,
            Cancellation cancellation) {
        this.layout = layout;
        this.offline = offline;
        this.progress = new SerialProgress(told);
        this.tools = new SysrootTools(layout, cancellation);
        this.podman = new Podman(tools, layout.store());
        this.store = new ImageStore(layout.store());
        ImageKeeper.Context context = new ImageKeeper.Context(
                configuration,
                layout.runtime(),
                layout.store().graphRoot(),
                cancellation,
                progress,
                Clock.systemUTC(),
                offline);
        Repair repair = new Repair(tools, layout.store(), store, layout.otherStores());
        this.keeper = new ImageKeeper(podman, new Registry(tools), store, repair, context);
    }

    /**
     * Finds the places; nothing is made.
     *
     * @throws LockstepException USAGE when the root is no directory, or the place of its store is not within it
     */
    public static StoreFilling open(Request request, Progress progress, Cancellation cancellation)
            throws LockstepException {
        Layout layout = StorePlace.of(request.root(), request.store());
        return new StoreFilling(
                layout,
                Configuration.load(request.configuration()),
                new OfflineImages(request.from()),
                progress,
                cancellation);
    }

    /** Pulls what the root binds, by digest, and proves it. */
    public Reports.Pulled run() throws LockstepException {
        try {
            prepare();
            try (TransactionLock ignored = TransactionLock.take(layout.lockFile(), "images pull");
                    RootTree root = RootTree.open(layout.sysroot())) {
                return fill(root);
            } catch (IOException e) {
                throw Failures.sysroot("read the root", layout.sysroot(), e);
            }
        } catch (LockstepException e) {
            String hint = e.hint().replace("run 'lockstep retry'", "run 'lockstep images pull' again");
            throw new LockstepException(e.code(), String.valueOf(e.getMessage()), hint, e)
                    .leaving("what has come so far stays in " + layout.store().directory());
        }
    }

    private void prepare() throws LockstepException {
        if (Posix.effectiveUser() != 0) {
            throw new LockstepException(
                    ErrorCode.PRIVILEGE, "only root can fill an image store", "run it as root, for example with sudo");
        }
        try {
            Files.createDirectories(layout.state());
            Files.createDirectories(layout.runtime());
            tools.enter();
            podman.checkVersion();
            offline.open();
        } catch (IOException e) {
            throw Failures.state("make", layout.state(), e);
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private Reports.Pulled fill(RootTree root) throws LockstepException {
        removeLeftOvers();
        progress.step(Progress.Step.READ, "what " + layout.sysroot() + " binds");
        List<BoundImage> bound = RootImages.read(root, layout.sysroot(), progress);
        progress.step(Progress.Step.RESOLVE, count(bound.size()));
        List<BindingRecord.Bound> meanings = new ArrayList<>();
        List<ImageKeeper.Wanted> wanted =
                RootImages.wanted(keeper.resolve(bound, Map.of(), root::copyOut), meanings, progress);
        // Before anything comes: what an interrupted run has brought is kept from collection as well.
        new PulledImages(layout.pulledImages()).write(meanings);
        progress.step(Progress.Step.PULL, count(wanted.size()));
        List<ResolvedImage> here = keeper.fetch(wanted, root::copyOut);
        progress.step(Progress.Step.CONFIRM, count(here.size()));
        keeper.confirmDurable(here);
        return report(meanings);
    }

    private void removeLeftOvers() throws LockstepException {
        try {
            LeftOvers.remove(layout.store(), layout.runtime());
        } catch (IOException e) {
            throw Failures.state("tidy", layout.state(), e);
        }
    }

    private Reports.Pulled report(List<BindingRecord.Bound> meanings) throws LockstepException {
        Map<ResolvedImage, Confirmation> found = keeper.confirm(
                meanings.stream().flatMap(image -> image.resolved().stream()).toList());
        List<Reports.Image> images = meanings.stream()
                .map(image -> Inspection.image(image, image.resolved().map(found::get)))
                .toList();
        long lacking = images.stream()
                .filter(image -> image.state() != Reports.ImageState.PRESENT)
                .count();
        Path directory = layout.store().directory();
        String summary = lacking == 0
                ? "Filled: every image that " + layout.sysroot() + " binds is in " + directory + "."
                : "Filled: every image that " + layout.sysroot() + " waits for is in " + directory + "; " + lacking
                        + " of those that it prefetches could not be had.";
        return new Reports.Pulled(
                layout.sysroot().toString(),
                directory.toString(),
                summary,
                images,
                keeper.fetched(),
                keeper.repaired(),
                tools.started(),
                tools.spent().toMillis());
    }

    private static String count(int images) {
        return images + (images == 1 ? " image" : " images");
    }

    @Override
    public void close() {
        offline.close();
        tools.close();
    }
}
