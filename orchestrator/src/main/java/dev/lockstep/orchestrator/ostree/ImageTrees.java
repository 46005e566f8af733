package dev.lockstep.orchestrator.ostree;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.ResolvedTarget;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.orchestrator.TargetAccess;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operating system trees that come as container images: the image is fetched, mounted, and committed to the sysroot's repository under the
 * ref {@code lockstep/image/DIGEST}, so that one digest is fetched once, whatever interrupts the rest.
 *
 * <p>An image becomes an ostree tree as ostree's own container support makes it: {@code /etc} becomes {@code /usr/etc}, the contents of
 * {@code /var}, {@code /run}, {@code /tmp}, {@code /boot} and the kernel's file systems are left out, {@code /sysroot} and the link
 * {@code /ostree} are added where they are missing.
 */
public final class ImageTrees {
    private static final String REF_PREFIX = "lockstep/image/";
    private static final List<String> EMPTIED = List.of("/boot", "/dev", "/proc", "/run", "/sys", "/tmp", "/var");
    private static final Duration COPY_LIMIT = Duration.ofMinutes(10);

    private final Layout layout;
    private final Tools tools;
    private final Ostree ostree;
    private final Source source;

    ImageTrees(Layout layout, Tools tools, Ostree ostree, Source source) {
        this.layout = layout;
        this.tools = tools;
        this.ostree = ostree;
        this.source = source;
    }

    /** Where operating system images come from. */
    public interface Source {
        /** What a reference means. */
        ResolvedImage resolve(Target.Image image, TargetAccess access) throws LockstepException;

        /**
         * Fetches an image and mounts it.
         *
         * @return where programs see it, and where this process does
         */
        Mounted mount(ResolvedImage image, TargetAccess access) throws LockstepException;

        /** Unmounts an image and removes it; nothing when it is not there. */
        void remove(ResolvedImage image) throws LockstepException;
    }

    /**
     * A mounted image.
     *
     * @param inside the path for programs
     * @param outside the path for this process
     */
    public record Mounted(Path inside, Path outside) {}

    ResolvedTarget resolve(Target.Image image, TargetAccess access) throws LockstepException {
        ResolvedImage resolved = source.resolve(image, access);
        return new ResolvedTarget(image, resolved.digest(), Optional.of(resolved));
    }

    /** Whether the repository has a commit that holds an image's tree. */
    boolean isHere(ResolvedImage image) throws LockstepException {
        return ostree.revision(REF_PREFIX + hex(image.digest())).isPresent();
    }

    /** The commit that holds an image's tree, made unless the repository has it. */
    String commit(ResolvedImage image, TargetAccess access) throws LockstepException {
        String ref = REF_PREFIX + hex(image.digest());
        Optional<String> before = ostree.revision(ref);
        if (before.isPresent()) {
            source.remove(image);
            return before.get();
        }
        Mounted mounted = source.mount(image, access);
        Path scratch = layout.scratch().resolve(hex(image.digest()));
        try {
            String checksum = commitMounted(mounted, scratch, ref, image);
            DurableFiles.deleteTree("scratch", scratch);
            source.remove(image);
            return checksum;
        } catch (IOException e) {
            throw Failures.sysroot("prepare the tree of " + image.reference() + " in", scratch, e);
        }
    }

    private String commitMounted(Mounted mounted, Path scratch, String ref, ResolvedImage image)
            throws IOException, LockstepException {
        DurableFiles.deleteTree("scratch", scratch);
        Path overlay = scratch.resolve("tree");
        Files.createDirectories(overlay.resolve("usr"));
        try (RootTree root = RootTree.open(mounted.outside())) {
            BootableTree.require(root);
            Path skipList = scratch.resolve("skip");
            Files.writeString(skipList, String.join("\n", skipped(root)) + "\n", StandardCharsets.UTF_8);
            completeTopLevel(root, overlay);
            if (root.exists("/etc")) {
                copyEtc(root, mounted, overlay);
            }
            standardModes(overlay);
            return ostree.commit(
                    ref, List.of(mounted.inside(), overlay), skipList, image.reference() + " " + image.digest());
        }
    }

    private static List<String> skipped(RootTree root) throws IOException, LockstepException {
        List<String> paths = new ArrayList<>();
        if (root.exists("/etc")) {
            paths.add("/etc");
        }
        for (String directory : EMPTIED) {
            Optional<RootTree.Listing> listing = root.list(directory);
            if (listing.isPresent()) {
                requireReadable(directory, listing.get());
                listing.get().names().forEach(name -> paths.add(directory + "/" + name));
            }
        }
        return paths;
    }

    /** A name that is not UTF-8 or holds a line break cannot be put into a skip list. */
    private static void requireReadable(String directory, RootTree.Listing listing) throws LockstepException {
        List<String> bad = new ArrayList<>(listing.foreign());
        listing.names().stream().filter(name -> name.indexOf('\n') >= 0).forEach(bad::add);
        if (!bad.isEmpty()) {
            throw new LockstepException(
                    ErrorCode.TARGET_NOT_BOOTABLE,
                    "the target has a file in " + directory + " whose name cannot be written down: " + bad.get(0),
                    "remove it from the image; what is in " + directory + " is not part of the operating system");
        }
    }

    private static void completeTopLevel(RootTree root, Path overlay) throws IOException {
        for (String directory : List.of("sysroot", "var", "boot", "dev", "proc", "run", "sys", "tmp")) {
            if (!root.exists("/" + directory)) {
                Files.createDirectories(overlay.resolve(directory));
            }
        }
        if (root.readLink("/ostree").isEmpty() && !root.exists("/ostree")) {
            Files.createSymbolicLink(overlay.resolve("ostree"), Path.of("sysroot/ostree"));
        }
    }

    private void copyEtc(RootTree root, Mounted mounted, Path overlay) throws LockstepException, IOException {
        if (root.list("/usr/etc").filter(listing -> !listing.names().isEmpty()).isPresent()) {
            throw new LockstepException(
                    ErrorCode.TARGET_NOT_BOOTABLE,
                    "the target has both /etc and /usr/etc, and it is not clear which are its defaults",
                    "keep only /etc in the image");
        }
        Path destination = overlay.resolve("usr/etc");
        Path from = mounted.inside().resolve("etc");
        try {
            ToolResult result = tools.run(ToolCall.changing(
                    "copy-etc",
                    COPY_LIMIT,
                    List.of("cp", "--archive", "--reflink=auto", from.toString(), destination.toString())));
            if (!result.succeeded()) {
                throw copyFailed(destination, result);
            }
        } catch (ToolMissingException e) {
            throw new LockstepException(ErrorCode.TOOL_MISSING, String.valueOf(e.getMessage()), "install coreutils", e);
        }
    }

    private static LockstepException copyFailed(Path destination, ToolResult result) {
        if (result.termination() instanceof Termination.Cancelled) {
            return new LockstepException(
                    ErrorCode.CANCELLED, "stopped while the tree was prepared", "run 'lockstep retry' to go on");
        }
        return Failures.sysroot("copy the target's /etc to", destination, new IOException(result.errorTail()));
    }

    /** The overlay's directories lie over the image's own, so they must not carry this process's umask. */
    private static void standardModes(Path overlay) throws IOException {
        for (Path directory : List.of(overlay, overlay.resolve("usr"))) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        if (Files.isDirectory(overlay.resolve("tmp"), LinkOption.NOFOLLOW_LINKS)) {
            Files.setAttribute(overlay.resolve("tmp"), "unix:mode", 0_1777);
        }
    }

    /** Removes the refs that keep a commit; deployments of it stay. */
    void forget(String checksum) throws LockstepException {
        for (String name : ostree.refs("lockstep/image")) {
            String ref = name.startsWith(REF_PREFIX) ? name : REF_PREFIX + name;
            if (ostree.revision(ref).filter(checksum::equals).isPresent()) {
                ostree.deleteRef(ref);
            }
        }
    }

    void removeLeftOvers() throws LockstepException {
        try {
            DurableFiles.deleteTree("scratch", layout.scratch());
        } catch (IOException e) {
            throw Failures.sysroot("clean up", layout.scratch(), e);
        }
    }

    private static String hex(String digest) {
        return digest.substring(digest.indexOf(':') + 1);
    }
}
