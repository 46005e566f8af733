package dev.lockstep.podman;

import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mends an image of the store in place. Layers that another store of this machine has are copied from there; if that is not enough, the image is
 * fetched. Either way it is brought into a scratch store on the same file system and proven there; the parts of ours that are damaged are then
 * replaced by renames. Layer IDs follow from contents, so names, pins and dependents stay.
 *
 * <p>Interrupted, the store is as damaged as before or less; the scratch store is rubbish that {@link LeftOvers} removes.
 */
public final class Repair {
    /** Begins the names of scratch stores beside ours. */
    static final String PREFIX = "repair-";

    private final Tools tools;
    private final StoreLocation location;
    private final ImageStore store;
    private final LayerCopies copies;
    private final String name = PREFIX + ProcessHandle.current().pid() + "-" + System.nanoTime();

    /** @param neighbours graph roots of other stores, which are only read */
    public Repair(Tools tools, StoreLocation location, ImageStore store, List<Path> neighbours) {
        this.copies = new LayerCopies(tools, neighbours);
        this.tools = tools;
        this.location = location;
        this.store = store;
    }

    /**
     * Mends one image.
     *
     * @throws ImageException the pull's own errors, or TOOL_FAILED when the image is not whole afterwards
     */
    public void repair(ResolvedImage image, PullArguments arguments, PullWatch watch) throws ImageException {
        boolean listed = listed(image);
        // What the store's lists lack a pull brings back; names and tags are untouched by it.
        if (!listed) {
            new Podman(tools, location).pull(image, arguments, watch);
        }
        StoreLocation scratch = scratch();
        try {
            emptyWorkspace();
            if (listed && mendFromNeighbours(image)) {
                DurableFiles.deleteTree("repair", workspace());
                store.recordDurable(List.of(image));
                return;
            }
            emptyWorkspace();
            new Podman(tools, scratch).pull(image, arguments, watch);
            ImageStore fetched = new ImageStore(scratch);
            requireWhole(fetched, image);
            replaceDamaged(image, fetched);
            DurableFiles.deleteTree("repair", workspace());
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot repair " + image.pinned() + " in " + location.directory() + ": " + e.getMessage(),
                    "see to the file system of the store, then run 'lockstep retry'",
                    e);
        }
        requireMended(image);
    }

    private void emptyWorkspace() throws IOException {
        DurableFiles.deleteTree("repair", workspace());
        Files.createDirectories(workspace());
    }

    /** Mends what other stores of this machine can mend, and tells whether the image is whole then. */
    private boolean mendFromNeighbours(ResolvedImage image) throws ImageException, IOException {
        StoreFiles ours = StoreFiles.read(location.directory());
        StoreFiles copied = ours.at(scratch().directory());
        StringBuilder lower = new StringBuilder();
        for (StoredLayer layer : store.layers(image)) {
            Path directory = ours.directory(layer.id());
            boolean whole = LayerContent.check(layer, ours.tarSplit(layer.id()), directory.resolve("diff"))
                    .isEmpty();
            Optional<StoredLayer> replacement =
                    whole ? Optional.of(layer) : copies.copy(layer, scratch().directory());
            if (replacement.isEmpty()) {
                return false;
            }
            mend(layer, replacement.get(), ours, copied, lower.toString());
            lower.insert(0, "l/" + link(ours, layer) + (lower.isEmpty() ? "" : ":"));
        }
        for (StoreFiles neighbour : copies.readable()) {
            mendBigData(image, ours, neighbour);
        }
        DurableFiles.syncFileSystem("repair", location.directory());
        return damage(image).isEmpty();
    }

    private Path workspace() {
        return location.directory().resolveSibling(name);
    }

    private StoreLocation scratch() {
        Path seen = location.graphRoot().resolveSibling(name);
        // podman takes no run root longer than 50 characters.
        return new StoreLocation(
                workspace().resolve("storage"),
                seen.resolve("storage"),
                location.runRoot().resolve("repair"),
                location.tmpDir().resolve("repair"));
    }

    private boolean listed(ResolvedImage image) throws ImageException {
        return switch (confirm(store, image)) {
            case Confirmation.Present ignored -> true;
            case Confirmation.Unproven ignored -> true;
            case Confirmation.Absent ignored -> false;
            case Confirmation.Damaged damaged ->
                damaged.reasons().stream().noneMatch(reason -> reason.contains("not in the store's list"));
        };
    }

    private static Confirmation confirm(ImageStore store, ResolvedImage image) throws ImageException {
        return java.util.Objects.requireNonNull(
                store.confirm(List.of(image)).get(image), "a store judges what it is asked");
    }

    private static void requireWhole(ImageStore fetched, ResolvedImage image) throws ImageException {
        List<String> damage = switch (confirm(fetched, image)) {
            case Confirmation.Present ignored -> List.of();
            case Confirmation.Unproven unproven -> fetched.checkContent(unproven.layers());
            case Confirmation.Absent absent -> List.of(absent.reason());
            case Confirmation.Damaged damaged -> damaged.reasons();
        };
        if (!damage.isEmpty()) {
            throw new ImageException(
                    ImageError.IMAGE_INCOMPLETE,
                    "what was fetched to repair " + image.pinned() + " is not whole itself: " + damage.get(0),
                    "see whether the medium is failing");
        }
    }

    private void replaceDamaged(ResolvedImage image, ImageStore fetched) throws ImageException, IOException {
        StoreFiles ours = StoreFiles.read(location.directory());
        StoreFiles theirs = StoreFiles.read(scratch().directory());
        Map<String, StoredLayer> good = new HashMap<>();
        fetched.layers(image).forEach(layer -> good.put(layer.diffDigest() + good.size(), layer));
        int index = 0;
        StringBuilder lower = new StringBuilder();
        for (StoredLayer layer : store.layers(image)) {
            StoredLayer replacement = good.get(layer.diffDigest() + index);
            if (replacement != null) {
                mend(layer, replacement, ours, theirs, lower.toString());
            }
            lower.insert(0, "l/" + link(ours, layer) + (lower.isEmpty() ? "" : ":"));
            index++;
        }
        mendBigData(image, ours, theirs);
        DurableFiles.syncFileSystem("repair", location.directory());
    }

    private void mend(StoredLayer layer, StoredLayer replacement, StoreFiles ours, StoreFiles theirs, String lower)
            throws IOException {
        Path directory = ours.directory(layer.id());
        Path fresh = theirs.directory(replacement.id());
        Path tarSplit = ours.tarSplit(layer.id());
        // Looked up first: layers above name this one by it.
        String link = link(ours, layer);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            // Whole, with the link name and the lower layers of the scratch store, which are put right below.
            replace(fresh, directory);
            replace(theirs.tarSplit(replacement.id()), tarSplit);
        } else if (LayerContent.check(layer, tarSplit, directory.resolve("diff"))
                .isPresent()) {
            replace(fresh.resolve("diff"), directory.resolve("diff"));
            replace(theirs.tarSplit(replacement.id()), tarSplit);
        }
        if (!text(directory.resolve("link")).equals(link)) {
            DurableFiles.write(
                    "repair-link", directory.resolve("link"), link.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Path named = location.directory().resolve("overlay/l").resolve(link);
        if (!Files.isDirectory(named)) {
            Files.deleteIfExists(named);
            Files.createSymbolicLink(named, Path.of("../" + layer.id() + "/diff"));
        }
        if (!text(directory.resolve("lower")).equals(lower)) {
            DurableFiles.write(
                    "repair-lower",
                    directory.resolve("lower"),
                    lower.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /** A layer's link name, found by the link that leads to it when its own note is gone. */
    private String link(StoreFiles ours, StoredLayer layer) throws IOException {
        if (!layer.link().isEmpty()) {
            return layer.link();
        }
        String noted = text(ours.directory(layer.id()).resolve("link"));
        if (!noted.isEmpty()) {
            return noted;
        }
        try (DirectoryStream<Path> links =
                Files.newDirectoryStream(location.directory().resolve("overlay/l"))) {
            for (Path link : links) {
                if (Files.isSymbolicLink(link)
                        && Files.readSymbolicLink(link).equals(Path.of("../" + layer.id() + "/diff"))) {
                    return String.valueOf(link.getFileName());
                }
            }
        }
        throw new IOException("nothing tells the link name of the layer " + layer.id());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Moves the bad one aside within the workspace, the good one into its place. */
    private void replace(Path good, Path bad) throws IOException {
        if (Files.exists(bad, LinkOption.NOFOLLOW_LINKS)) {
            Path aside = workspace().resolve("bad-" + System.nanoTime());
            DurableFiles.rename("repair-aside", bad, aside);
        }
        DurableFiles.rename("repair-place", good, bad);
    }

    private void mendBigData(ResolvedImage image, StoreFiles ours, StoreFiles theirs) throws IOException {
        String id = Digests.hex(image.configDigest());
        for (String key : List.of(
                "manifest-" + image.digest(), "manifest-" + image.platformDigest(), "manifest", image.configDigest())) {
            Path good = theirs.bigDataFile(id, key);
            Path target = ours.bigDataFile(id, key);
            Optional<byte[]> content = ours.bigData(id, key);
            boolean digestIsKey = !key.equals("manifest");
            String digest = key.startsWith("manifest-") ? key.substring("manifest-".length()) : key;
            boolean whole = content.filter(
                            bytes -> digestIsKey ? Digests.sha256(bytes).equals(digest) : bytes.length > 0)
                    .isPresent();
            if (!whole && Files.exists(good)) {
                Path copy = workspace().resolve("copy-" + System.nanoTime());
                Files.copy(good, copy, StandardCopyOption.COPY_ATTRIBUTES);
                DurableFiles.rename("repair-manifest", copy, target);
            }
        }
    }

    private List<String> damage(ResolvedImage image) throws ImageException {
        return switch (confirm(store, image)) {
            case Confirmation.Present ignored -> store.checkContent(store.layers(image));
            case Confirmation.Unproven ignored -> store.checkContent(store.layers(image));
            case Confirmation.Absent absent -> List.of(absent.reason());
            case Confirmation.Damaged damaged -> damaged.reasons();
        };
    }

    private void requireMended(ResolvedImage image) throws ImageException {
        List<String> damage = damage(image);
        if (!damage.isEmpty()) {
            throw new ImageException(
                    ImageError.TOOL_FAILED,
                    image.pinned() + " could not be repaired: " + damage.get(0),
                    "move the store " + location.directory() + " aside; 'lockstep upgrade' fetches its images anew");
        }
        store.recordDurable(List.of(image));
    }
}
