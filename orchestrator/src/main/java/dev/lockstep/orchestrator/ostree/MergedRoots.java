package dev.lockstep.orchestrator.ostree;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Staged;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Staged trees as their units will see them: with the {@code /etc} that finalization will make of this host's own, the defaults that that
 * came from, and the new defaults.
 */
final class MergedRoots {
    /** What a deployment must have for the host to stay under Lockstep's care. */
    private static final List<String> CARRIED = List.of(
            "/usr/lib/lockstep/bin/lockstep-gate",
            "/usr/lib/systemd/system/ostree-finalize-staged.service.d/zz-lockstep.conf",
            "/usr/lib/systemd/system/lockstep-bind.service");

    private final Layout layout;
    private final Views views;

    MergedRoots(Layout layout, Views views) {
        this.layout = layout;
        this.views = views;
    }

    RootTree open(Staged staged) throws LockstepException {
        Path etc = directory().resolve(String.valueOf(staged.tree().getFileName()));
        try {
            DurableFiles.deleteTree("merged-etc", etc);
            Files.createDirectories(directory());
            EtcMerge.merge(Path.of("/etc"), Path.of("/usr/etc"), staged.tree().resolve("usr/etc"), etc);
            RootTree root = RootTree.open(views.show(staged.tree(), etc));
            requireLockstep(root);
            return root;
        } catch (IOException e) {
            throw Failures.sysroot("merge /etc for", staged.tree(), e);
        }
    }

    private static void requireLockstep(RootTree root) throws IOException, LockstepException {
        for (String path : CARRIED) {
            if (!root.exists(path)) {
                root.close();
                throw new LockstepException(
                        ErrorCode.TARGET_WITHOUT_LOCKSTEP,
                        "the target has no " + path
                                + ": after its first boot nothing would hold an upgrade whose images are missing",
                        "put Lockstep into the image");
            }
        }
    }

    private Path directory() {
        return layout.runtime().resolve("etc");
    }

    void removeLeftOvers() throws LockstepException {
        try {
            DurableFiles.deleteTree("merged-etc", directory());
        } catch (IOException e) {
            throw Failures.sysroot("remove", directory(), e);
        }
    }
}
