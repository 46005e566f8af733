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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * ostree on a sysroot that is not booted. A staged tree is a commit in the repository and a checkout of it that is only read;
 * {@code ostree admin deploy} is the commit.
 */
public final class OstreeEngine implements Deployments {
    private static final Ostree.Release OLDEST = new Ostree.Release(2022, 7);

    private final Layout layout;
    private final Ostree ostree;
    private final Commits commits;

    /**
     * @param tools run {@code ostree} where the sysroot has the same path as here
     * @param images turns container images into commits
     */
    public OstreeEngine(Layout layout, Tools tools, ImageTrees.Source images) {
        this.layout = layout;
        this.ostree = new Ostree(tools, layout.sysroot());
        this.commits = new Commits(layout, ostree, new ImageTrees(layout, tools, ostree, images));
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
    public Optional<Deployment> booted() {
        return Optional.empty();
    }

    @Override
    public Optional<Staging> staging() {
        return Optional.empty();
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
        return checkOut(commits.bring(target, access));
    }

    private Staged checkOut(String checksum) throws LockstepException {
        Path tree = layout.trees().resolve(checksum);
        if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            return new Staged(checksum, OptionalInt.empty(), tree);
        }
        Path partial = layout.trees().resolve("." + checksum + DurableFiles.TEMPORARY_SUFFIX);
        try {
            Files.createDirectories(layout.trees());
            DurableFiles.deleteTree("tree-partial", partial);
            ostree.checkout(checksum, partial);
            // The pristine defaults stand where units look for them.
            if (!Files.exists(partial.resolve("etc"), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(partial.resolve("etc"), Path.of("usr/etc"));
            }
            requireBootable(partial);
            DurableFiles.rename("tree", partial, tree);
        } catch (IOException e) {
            throw Failures.sysroot("check out", tree, e);
        }
        return new Staged(checksum, OptionalInt.empty(), tree);
    }

    private static void requireBootable(Path tree) throws IOException, LockstepException {
        try (RootTree root = RootTree.open(tree)) {
            BootableTree.require(root);
        }
    }

    @Override
    public Optional<Staged> staged(String checksum, Deployment.Origin origin) throws LockstepException {
        return ostree.hasTree(checksum) ? Optional.of(checkOut(checksum)) : Optional.empty();
    }

    @Override
    public boolean hold() {
        return false;
    }

    @Override
    public RootTree root(Staged staged) throws LockstepException {
        return open(staged.tree());
    }

    @Override
    public Path inside(Staged staged) {
        return staged.tree();
    }

    @Override
    public RootTree root(Deployment deployment) throws LockstepException {
        return open(deployment.root());
    }

    private static RootTree open(Path directory) throws LockstepException {
        try {
            return RootTree.open(directory);
        } catch (IOException e) {
            throw Failures.sysroot("open the tree", directory, e);
        }
    }

    @Override
    public Deployment commit(Staged staged, Confirmed confirmed) throws LockstepException {
        return deploy(staged.checksum(), confirmed.origin());
    }

    @Override
    public boolean commitsAtShutdown() {
        return false;
    }

    private Deployment deploy(String checksum, Deployment.Origin origin) throws LockstepException {
        Path file = layout.runtime().resolve("origin");
        try {
            Files.createDirectories(layout.runtime());
            Files.writeString(file, OriginFile.text(checksum, origin), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failures.sysroot("write", file, e);
        }
        Optional<LockstepException> failure = Optional.empty();
        try {
            ostree.deploy(layout.stateroot(), checksum, file);
        } catch (LockstepException e) {
            failure = Optional.of(e);
        }
        // The entries decide what happened, not the exit status.
        Optional<Deployment> made = observe().stream()
                .filter(deployment -> deployment.checksum().equals(checksum))
                .filter(deployment -> deployment.origin().transaction().equals(origin.transaction()))
                .findFirst();
        if (made.isPresent()) {
            return made.get();
        }
        throw failure.orElseGet(() -> new LockstepException(
                ErrorCode.ENGINE_FAILED,
                "ostree said that it deployed " + checksum + ", but no boot loader entry leads to it",
                "look at 'ostree admin status --sysroot=" + layout.sysroot() + "'"));
    }

    @Override
    public void discard(String checksum) throws LockstepException {
        try {
            DurableFiles.deleteTree("tree-discard", layout.trees().resolve(checksum));
        } catch (IOException e) {
            throw Failures.sysroot("remove the staged tree", layout.trees().resolve(checksum), e);
        }
        commits.forget(checksum);
    }

    @Override
    public Deployment rollback(Deployment former, Deployment.Origin origin) throws LockstepException {
        return deploy(former.checksum(), origin);
    }

    @Override
    public boolean rollbackRedeploys() {
        return true;
    }

    @Override
    public String rollbackNote() {
        return "The former commit was deployed anew: its /etc is the former release's defaults with the changes made under the newer "
                + "release merged in, not the /etc that it had.";
    }

    @Override
    public void prepareBoot(Deployment deployment, Map<String, String> units) {
        // Its first boot asks for them.
    }

    @Override
    public List<String> startWaiting() {
        return List.of();
    }

    @Override
    public Optional<String> takenBack() {
        return Optional.empty();
    }

    @Override
    public boolean hasCompletedBoot() {
        return false;
    }

    @Override
    public boolean wasFinalizedBeforeBoot(Deployment deployment) {
        return false;
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void removeLeftOvers() throws LockstepException {
        commits.removeLeftOvers();
        try {
            if (Files.isDirectory(layout.trees())) {
                try (var partials = Files.newDirectoryStream(layout.trees(), ".*" + DurableFiles.TEMPORARY_SUFFIX)) {
                    for (Path partial : partials) {
                        DurableFiles.deleteTree("tree-partial", partial);
                    }
                }
            }
        } catch (IOException e) {
            throw Failures.sysroot("clean up", layout.trees(), e);
        }
    }
}
