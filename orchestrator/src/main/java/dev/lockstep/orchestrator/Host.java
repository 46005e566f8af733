package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.ostree.BootedDeployment;
import dev.lockstep.orchestrator.ostree.BootedOstreeEngine;
import dev.lockstep.orchestrator.ostree.OstreeEngine;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ImageStore;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.Repair;
import dev.lockstep.podman.disk.Posix;
import dev.lockstep.podman.process.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The parts that work on one sysroot, put together. */
final class Host implements AutoCloseable {
    final Layout layout;
    final Configuration configuration;
    final SysrootTools tools;
    final Podman podman;
    final ImageStore store;
    final ImageKeeper keeper;
    final Deployments deployments;
    final BindingRecords records;
    final RecordCopies copies;
    final PulledImages pulled;
    final History history;
    final Events events;
    final Progress progress;
    final Clock clock;
    final OfflineImages offline;

    Host(
            Layout layout,
            Configuration configuration,
            OfflineImages offline,
            Progress progress,
            Cancellation cancellation) {
        this.layout = layout;
        this.configuration = configuration;
        this.offline = offline;
        this.progress = new SerialProgress(progress);
        this.clock = Clock.systemUTC();
        this.tools = new SysrootTools(layout, cancellation);
        this.podman = new Podman(tools, layout.store());
        this.store = new ImageStore(layout.store());
        Registry registry = new Registry(tools);
        Repair repair = new Repair(tools, layout.store(), store, layout.otherStores());
        ImageKeeper.Context context = new ImageKeeper.Context(
                configuration,
                layout.runtime(),
                layout.store().graphRoot(),
                cancellation,
                this.progress,
                clock,
                offline);
        this.keeper = new ImageKeeper(podman, registry, store, repair, context);
        ImageKeeper systemKeeper = new ImageKeeper(podman, registry, store, repair, context);
        SystemImages images = new SystemImages(systemKeeper, podman, tools);
        this.deployments = layout.isBooted()
                ? new BootedOstreeEngine(layout, tools, images, tools)
                : new OstreeEngine(layout, tools, images);
        this.records = new BindingRecords(layout.bindings());
        this.copies = new RecordCopies(layout.recordCopies());
        this.pulled = new PulledImages(layout.pulledImages());
        this.history = new History(layout.historyFile(), clock, boot(layout));
        this.events = new Events(history, progress);
    }

    /** Which boot of which deployment notes are made in; none on a sysroot that is not booted. */
    private static History.Where boot(Layout layout) {
        if (!layout.isBooted()) {
            return History.Where.NOWHERE;
        }
        try {
            return new History.Where(
                    Optional.of(BootedDeployment.bootId()),
                    BootedDeployment.find().map(Path::getFileName).map(Path::toString));
        } catch (IOException e) {
            // Nothing is decided by it.
            return History.Where.NOWHERE;
        }
    }

    /** Makes the directories that a writing command needs, and fails early when something is missing. */
    void prepareToWrite() throws LockstepException {
        requireRoot();
        try {
            Files.createDirectories(layout.state());
            Files.createDirectories(layout.runtime());
        } catch (IOException e) {
            throw Failures.state("make", layout.state(), e);
        }
        tools.enter();
        deployments.checkVersion();
        try {
            podman.checkVersion();
        } catch (ImageException e) {
            throw Failures.of(e);
        }
        offline.open();
    }

    /** For commands that start programs but change nothing. */
    void prepareToAsk() throws LockstepException {
        requireRoot();
        tools.enter();
        offline.open();
    }

    private static void requireRoot() throws LockstepException {
        if (Posix.effectiveUser() != 0) {
            throw new LockstepException(
                    ErrorCode.PRIVILEGE, "only root can do this to a sysroot", "run it as root, for example with sudo");
        }
    }

    /** The kernel's name of this boot. */
    String bootId() throws LockstepException {
        try {
            return BootedDeployment.bootId();
        } catch (IOException e) {
            throw Failures.state("read", Path.of("/proc/sys/kernel/random/boot_id"), e);
        }
    }

    /** A path in the words of a message. */
    Path sysroot() {
        return layout.sysroot();
    }

    @Override
    public void close() {
        offline.close();
        tools.close();
    }
}
