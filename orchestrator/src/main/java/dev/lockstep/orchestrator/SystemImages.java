package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.orchestrator.ostree.ImageTrees;
import dev.lockstep.podman.Confirmation;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.Podman;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.RootFiles;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Operating system images, fetched through our own store and removed from it once they are committed. */
final class SystemImages implements ImageTrees.Source {
    private static final RootFiles NO_ROOT = (path, destination) -> {
        throw new NoSuchFileException(path);
    };

    private final ImageKeeper keeper;
    private final Podman podman;
    private final SysrootTools tools;

    SystemImages(ImageKeeper keeper, Podman podman, SysrootTools tools) {
        this.keeper = keeper;
        this.podman = podman;
        this.tools = tools;
    }

    @Override
    public ResolvedImage resolve(Target.Image image, TargetAccess access) throws LockstepException {
        return keeper.resolve(bound(image.reference(), access), NO_ROOT);
    }

    @Override
    public ImageTrees.Mounted mount(ResolvedImage image, TargetAccess access) throws LockstepException {
        keeper.fetch(List.of(new ImageKeeper.Wanted(bound(image.reference(), access), image)), NO_ROOT);
        try {
            Path inside = podman.mount(image.configDigest());
            return new ImageTrees.Mounted(inside, tools.outside(inside));
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public void remove(ResolvedImage image) throws LockstepException {
        if (keeper.confirm(List.of(image)).get(image) instanceof Confirmation.Absent) {
            return;
        }
        try {
            podman.unmount(image.configDigest());
            podman.remove(image.configDigest());
        } catch (ImageException e) {
            throw Failures.of(e);
        }
    }

    private static BoundImage bound(ImageReference reference, TargetAccess access) {
        PullOptions options = PullOptions.DEFAULT.withTlsVerify(access.tlsVerify());
        return new BoundImage(reference, BoundImage.Mode.BIND, options, List.of());
    }
}
