package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.ResolvedTarget;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.orchestrator.TargetAccess;
import dev.lockstep.orchestrator.TreeToFetch;
import dev.lockstep.podman.ResolvedImage;
import java.util.Optional;

/** Targets as commits of the sysroot's repository: what they mean, and how they come into it. */
final class Commits {
    private final Layout layout;
    private final Ostree ostree;
    private final ImageTrees images;

    Commits(Layout layout, Ostree ostree, ImageTrees images) {
        this.layout = layout;
        this.ostree = ostree;
        this.images = images;
    }

    /** What a target means now. Changes nothing. */
    ResolvedTarget resolve(Target target, TargetAccess access) throws LockstepException {
        return switch (target) {
            case Target.Image image -> images.resolve(image, access);
            case Target.OstreeRef ref -> new ResolvedTarget(ref, commitOf(ref), Optional.empty());
        };
    }

    private String commitOf(Target.OstreeRef ref) throws LockstepException {
        Optional<String> remote = remote(ref);
        if (remote.isPresent()) {
            ostree.pullMetadata(remote.get(), ref.ref().substring(remote.get().length() + 1));
        }
        return ostree.revision(ref.ref())
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.TARGET_NOT_BOOTABLE,
                        "the repository of " + layout.sysroot() + " has no ref or commit '" + ref.ref() + "'",
                        "list its refs with 'ostree refs --repo="
                                + layout.sysroot().resolve("ostree/repo") + "'"));
    }

    private static Optional<String> remote(Target.OstreeRef ref) {
        int colon = ref.ref().indexOf(':');
        return colon > 0 ? Optional.of(ref.ref().substring(0, colon)) : Optional.empty();
    }

    /** What the repository lacks of a target's tree. Changes nothing. */
    TreeToFetch toFetch(ResolvedTarget target) throws LockstepException {
        if (target.image().isPresent()) {
            ResolvedImage image = target.image().get();
            return images.isHere(image) ? new TreeToFetch.Nothing() : new TreeToFetch.Image(image);
        }
        return ostree.hasTree(target.digest())
                ? new TreeToFetch.Nothing()
                : new TreeToFetch.Commit(ostree.sizeToFetch(target.digest()));
    }

    /** The commit that holds a target's tree, brought into the repository unless it is there. */
    String bring(ResolvedTarget target, TargetAccess access) throws LockstepException {
        return target.image().isPresent() ? images.commit(target.image().get(), access) : fetched(target);
    }

    /** The commit of a ref, fetched with its tree if it is a remote's. */
    private String fetched(ResolvedTarget target) throws LockstepException {
        Optional<String> remote = target.target() instanceof Target.OstreeRef ref ? remote(ref) : Optional.empty();
        if (remote.isPresent() && !ostree.hasTree(target.digest())) {
            ostree.pull(remote.get(), target.digest());
        }
        return target.digest();
    }

    /** Removes what keeps a commit that was made of an image; the objects stay until the next collection. */
    void forget(String checksum) throws LockstepException {
        images.forget(checksum);
    }

    /** Removes what killed runs left; nobody else may be at work. */
    void removeLeftOvers() throws LockstepException {
        images.removeLeftOvers();
    }
}
