package dev.lockstep.podman;

import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Copies of layers out of other stores of this machine, such as podman's own. Those are only read, without a lock: what is removed meanwhile, or is
 * damaged there as well, gives no copy.
 */
final class LayerCopies {
    private static final Duration LIMIT = Duration.ofHours(1);

    private final Tools tools;
    private final List<Path> stores;

    /** @param stores graph roots; one that is not there has nothing */
    LayerCopies(Tools tools, List<Path> stores) {
        this.tools = tools;
        this.stores = List.copyOf(stores);
    }

    /**
     * Copies a layer whose content is proven, in its copy, to be the wanted one's. Nothing stays of a copy that is not.
     *
     * @param into a graph root that nobody uses
     * @return the layer as it lies there, under the ID that it has in the other store
     */
    Optional<StoredLayer> copy(StoredLayer wanted, Path into) throws IOException {
        for (Path store : stores) {
            Optional<StoreFiles> theirs = read(store);
            if (theirs.isEmpty()) {
                continue;
            }
            StoreFiles target = theirs.get().at(into);
            for (String id : theirs.get().layersOf(wanted.diffDigest())) {
                StoredLayer copy = new StoredLayer(id, "", wanted.diffDigest(), wanted.size());
                if (copy(theirs.get().directory(id), target.directory(id))
                        && copy(theirs.get().tarSplit(id), target.tarSplit(id))
                        && LayerContent.check(
                                        copy,
                                        target.tarSplit(id),
                                        target.directory(id).resolve("diff"))
                                .isEmpty()) {
                    return Optional.of(copy);
                }
                DurableFiles.deleteTree("repair", target.directory(id));
                Files.deleteIfExists(target.tarSplit(id));
            }
        }
        return Optional.empty();
    }

    /** The other stores that can be read. */
    List<StoreFiles> readable() {
        return stores.stream().flatMap(store -> read(store).stream()).toList();
    }

    /** Another store's garbage is not our failure. */
    private static Optional<StoreFiles> read(Path store) {
        try {
            return Optional.of(StoreFiles.read(store));
        } catch (ImageException e) {
            return Optional.empty();
        }
    }

    /** With owners, modes, devices and extended attributes, which tell of removed and opaque directories. */
    private boolean copy(Path from, Path to) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent(), "a store is a directory"));
        try {
            return tools.run(ToolCall.changing(
                            "layer-copy",
                            LIMIT,
                            List.of(
                                    "cp",
                                    "--archive",
                                    "--reflink=auto",
                                    "--one-file-system",
                                    "--no-target-directory",
                                    from.toString(),
                                    to.toString())))
                    .succeeded();
        } catch (ToolMissingException e) {
            return false;
        }
    }
}
