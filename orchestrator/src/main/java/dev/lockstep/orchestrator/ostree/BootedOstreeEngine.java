package dev.lockstep.orchestrator.ostree;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.Confirmed;
import dev.lockstep.orchestrator.Deployment;
import dev.lockstep.orchestrator.Deployments;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.ResolvedTarget;
import dev.lockstep.orchestrator.Staged;
import dev.lockstep.orchestrator.Staging;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.orchestrator.TargetAccess;
import dev.lockstep.orchestrator.TreeToFetch;
import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * ostree on the host that runs from it. A tree is staged as a deployment that is locked; the commit issues the shutdown gate's pass and lifts
 * the lock, and the next orderly shutdown writes the boot loader entry. Anything that stages, discards or holds takes the pass away first.
 */
public final class BootedOstreeEngine implements Deployments {
    /** The first that starts the finalization service before it stages, so that no stager slips past the gate. */
    private static final Ostree.Release OLDEST = new Ostree.Release(2025, 2);

    private final Layout layout;
    private final Ostree ostree;
    private final Commits commits;
    private final StagedNotes notes;
    private final GatePasses passes;
    private final SystemServices services;
    private final MergedRoots roots;

    /**
     * @param tools run {@code ostree} and {@code systemctl} of the booted host
     * @param images turns container images into commits
     * @param views shows a staged tree with its merged {@code /etc}
     */
    public BootedOstreeEngine(Layout layout, Tools tools, ImageTrees.Source images, Views views) {
        this.layout = layout;
        this.ostree = new Ostree(tools, layout.sysroot());
        this.commits = new Commits(layout, ostree, new ImageTrees(layout, tools, ostree, images));
        this.passes = new GatePasses(layout);
        this.notes = new StagedNotes(layout);
        this.services = new SystemServices(tools);
        this.roots = new MergedRoots(layout, views);
    }

    @Override
    public void checkVersion() throws LockstepException {
        ostree.checkVersion(OLDEST);
    }

    @Override
    public List<Deployment> observe() throws LockstepException {
        try {
            return BootEntries.read(layout.sysroot(), layout.stateroot());
        } catch (IOException e) {
            throw Failures.sysroot("read the boot loader entries of", layout.sysroot(), e);
        }
    }

    @Override
    public Optional<Deployment> booted() throws LockstepException {
        try {
            Optional<Path> directory = BootedDeployment.find();
            return directory.isEmpty()
                    ? Optional.empty()
                    : Optional.of(BootEntries.deployment(layout.stateroot(), directory.get()));
        } catch (IOException e) {
            throw Failures.sysroot("look at the deployments of", layout.sysroot(), e);
        }
    }

    @Override
    public Optional<Staging> staging() throws LockstepException {
        return notes.read();
    }

    @Override
    public EngineLock lock() throws LockstepException {
        return SysrootLock.take(layout.sysroot());
    }

    @Override
    public ResolvedTarget resolve(Target target, TargetAccess access) throws LockstepException {
        return commits.resolve(target, access);
    }

    @Override
    public TreeToFetch toFetch(ResolvedTarget target) throws LockstepException {
        return commits.toFetch(target);
    }

    @Override
    public Staged stage(ResolvedTarget target, TargetAccess access, Deployment.Origin origin) throws LockstepException {
        return stage(commits.bring(target, access), origin);
    }

    @Override
    public Optional<Staged> staged(String checksum, Deployment.Origin origin) throws LockstepException {
        return ostree.hasTree(checksum) ? Optional.of(stage(checksum, origin)) : Optional.empty();
    }

    private Staged stage(String checksum, Deployment.Origin origin) throws LockstepException {
        passes.revoke();
        Optional<Staging> before = staging();
        if (before.filter(staging -> isOf(staging, checksum, origin)).isPresent()) {
            hold();
            return staged(before.get().deployment());
        }
        ostree.stage(layout.stateroot(), checksum, originFile(checksum, origin));
        Deployment made = staging()
                .filter(staging -> isOf(staging, checksum, origin))
                .map(Staging::deployment)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.ENGINE_FAILED,
                        "ostree said that it staged " + checksum + ", but something else is staged, or nothing",
                        "look at 'ostree admin status', then run 'lockstep retry'"));
        hold();
        return staged(made);
    }

    private static Staged staged(Deployment deployment) {
        return new Staged(deployment.checksum(), OptionalInt.of(deployment.serial()), deployment.root());
    }

    /** Of a commit and a transaction; a staging that another program made belongs to the transaction that took it up, by its record. */
    private static boolean isOf(Staging staging, String checksum, Deployment.Origin origin) {
        Deployment deployment = staging.deployment();
        return deployment.checksum().equals(checksum)
                && (deployment.origin().transaction().isEmpty()
                        || deployment.origin().transaction().equals(origin.transaction()));
    }

    private Path originFile(String checksum, Deployment.Origin origin) throws LockstepException {
        Path file = layout.runtime().resolve("origin");
        try {
            Files.createDirectories(layout.runtime());
            Files.writeString(file, OriginFile.text(checksum, origin), StandardCharsets.UTF_8);
            return file;
        } catch (IOException e) {
            throw Failures.sysroot("write", file, e);
        }
    }

    @Override
    public boolean hold() throws LockstepException {
        passes.revoke();
        Optional<Staging> staging = staging();
        if (staging.isEmpty()) {
            return false;
        }
        if (staging.get().locked()) {
            return notes.isLockOfAnother(staging.get());
        }
        // Noted first: a lock that is there without a note is somebody else's.
        notes.noteLock(staging.get());
        ostree.lockStaged();
        return false;
    }

    @Override
    public RootTree root(Staged staged) throws LockstepException {
        return roots.open(staged);
    }

    @Override
    public Path inside(Staged staged) {
        return layout.view();
    }

    @Override
    public RootTree root(Deployment deployment) throws LockstepException {
        boolean here =
                booted().filter(booted -> booted.id().equals(deployment.id())).isPresent();
        Path directory = here ? Path.of("/") : deployment.root();
        try {
            return RootTree.open(directory);
        } catch (IOException e) {
            throw Failures.sysroot("open the tree", directory, e);
        }
    }

    @Override
    public Deployment commit(Staged staged, Confirmed confirmed) throws LockstepException {
        Staging staging = staging()
                .filter(found -> isStillThat(found.deployment(), staged))
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.CHANGED_MEANWHILE,
                        "what is staged is no longer " + staged.tree().getFileName(),
                        "look at 'ostree admin status', then run 'lockstep retry'"));
        boolean held = staging.locked() && notes.isLockOfAnother(staging);
        prepareBoot(staging.deployment(), confirmed.bootUnits());
        passes.issue(staging.deployment(), confirmed);
        if (held) {
            throw new LockstepException(
                    ErrorCode.HELD,
                    "every image is confirmed, but another program or an administrator has locked the staged deployment",
                    "lift the lock with 'ostree admin lock-finalization --unlock'; the next shutdown then leads to it");
        }
        if (staging.locked()) {
            ostree.unlockStaged();
            notes.forgetLock(staging);
        }
        services.requireFinalization();
        return staging.deployment();
    }

    private static boolean isStillThat(Deployment deployment, Staged staged) {
        return deployment.checksum().equals(staged.checksum())
                && staged.serial().isPresent()
                && staged.serial().getAsInt() == deployment.serial();
    }

    @Override
    public void prepareBoot(Deployment deployment, Map<String, String> units) throws LockstepException {
        Path directory = layout.bootUnits().resolve(deployment.id());
        try {
            DurableFiles.deleteTree("boot-units", directory);
            Files.createDirectories(directory);
            for (var unit : units.entrySet()) {
                Path file = directory.resolve(unit.getKey());
                Files.createDirectories(java.util.Objects.requireNonNull(file.getParent(), "a unit has a directory"));
                Files.writeString(file, unit.getValue(), StandardCharsets.UTF_8);
            }
            DurableFiles.syncFileSystem("boot-units", directory);
        } catch (IOException e) {
            throw Failures.sysroot("write the units of the next boot to", directory, e);
        }
    }

    @Override
    public boolean commitsAtShutdown() {
        return true;
    }

    @Override
    public void discard(String checksum) throws LockstepException {
        passes.revoke();
        Optional<Staging> staging = staging();
        if (staging.filter(found -> found.deployment().checksum().equals(checksum))
                .isPresent()) {
            ostree.undeploy(0);
            notes.forgetLock(staging.get());
            try {
                DurableFiles.deleteTree(
                        "boot-units",
                        layout.bootUnits().resolve(staging.get().deployment().id()));
            } catch (IOException e) {
                throw Failures.sysroot("remove the units of", layout.bootUnits(), e);
            }
        }
        commits.forget(checksum);
    }

    @Override
    public Deployment rollback(Deployment former, Deployment.Origin origin) throws LockstepException {
        passes.revoke();
        if (staging().isPresent()) {
            throw new LockstepException(
                    ErrorCode.CHANGED_MEANWHILE,
                    "a deployment is staged that would become the default after all",
                    "give it up with 'lockstep abort' or 'ostree admin undeploy 0', then roll back again");
        }
        try {
            OptionalInt index = BootEntries.index(layout.sysroot(), former.root());
            if (index.isEmpty()) {
                throw new LockstepException(
                        ErrorCode.CHANGED_MEANWHILE,
                        "no boot loader entry leads to " + former.shortName() + " any more",
                        "look at 'lockstep status'");
            }
            ostree.setDefault(index.getAsInt());
        } catch (IOException e) {
            throw Failures.sysroot("read the boot loader entries of", layout.sysroot(), e);
        }
        return former;
    }

    @Override
    public boolean rollbackRedeploys() {
        return false;
    }

    @Override
    public String rollbackNote() {
        return "The former deployment boots with the /etc that it had; changes made since then stay with the newer one.";
    }

    @Override
    public List<String> startWaiting() throws LockstepException {
        Optional<Deployment> booted = booted();
        return booted.isEmpty()
                ? List.of()
                : services.startWaiting(layout.bootUnits().resolve(booted.get().id()));
    }

    @Override
    public void removeLeftOvers() throws LockstepException {
        commits.removeLeftOvers();
        roots.removeLeftOvers();
        removeOldBootUnits();
    }

    /** Units of deployments that are gone. */
    private void removeOldBootUnits() throws LockstepException {
        Path deployments = layout.sysroot()
                .resolve("ostree/deploy")
                .resolve(layout.stateroot())
                .resolve("deploy");
        if (!Files.isDirectory(layout.bootUnits())) {
            return;
        }
        try (var directories = Files.newDirectoryStream(layout.bootUnits())) {
            for (Path directory : directories) {
                if (Files.notExists(deployments.resolve(String.valueOf(directory.getFileName())))) {
                    DurableFiles.deleteTree("boot-units", directory);
                }
            }
        } catch (IOException e) {
            throw Failures.sysroot("clean up", layout.bootUnits(), e);
        }
    }

    @Override
    public Optional<String> takenBack() throws LockstepException {
        return new TakenBack(layout).look(staging().isPresent(), observe());
    }

    @Override
    public boolean hasCompletedBoot() throws LockstepException {
        return services.hasCompletedBoot();
    }

    @Override
    public boolean wasFinalizedBeforeBoot(Deployment deployment) throws LockstepException {
        return passes.isOfEarlierBoot(deployment);
    }

    @Override
    public List<String> remarks() throws LockstepException {
        return new ShutdownRemarks(layout, passes).of(staging());
    }
}
