package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The path under which ordinary podman looks for our images, {@code /run/lockstep/store}: a link to the image store while that is sane, to an
 * empty one otherwise. An additional store that is missing or has a garbled list makes every command of podman fail, also those on images
 * that are not ours.
 *
 * <p>After {@link #update} the link leads to one of the two; it is replaced in one step, never missing in between.
 */
public final class StoreLink {
    private static final List<String> LISTS = List.of("overlay-images/images.json", "overlay-layers/layers.json");

    private final Path runtime;
    private final Path store;

    /**
     * @param runtime {@code /run/lockstep}
     * @param store the image store's directory
     */
    public StoreLink(Path runtime, Path store) {
        this.runtime = runtime;
        this.store = store;
    }

    /**
     * Looks at the store and leads the link accordingly.
     *
     * @return what is wrong with the store, in words; empty when the link leads to it
     */
    public Optional<String> update() throws IOException {
        Optional<String> damage = damage();
        Path empty = runtime.resolve("empty-store");
        Files.createDirectories(empty);
        Path link = runtime.resolve("store");
        Path target = damage.isPresent() ? empty : store;
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return damage;
        }
        Path fresh = runtime.resolve(".store.lockstep-tmp");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, target);
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
        return damage;
    }

    /** What is wrong with the store, in words; empty when podman can be shown it. Changes nothing. */
    public Optional<String> damage() {
        if (!Files.isDirectory(store, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(store + " is not there");
        }
        for (String list : LISTS) {
            Path file = store.resolve(list);
            try {
                if (!isList(file)) {
                    return Optional.of(file + " is not a list");
                }
            } catch (IOException e) {
                return Optional.of(file + " cannot be read: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** An empty file is taken for a list without entries, by podman as well; a store that nothing was put into yet has none. */
    private static boolean isList(Path file) throws IOException {
        if (Files.notExists(file)) {
            return true;
        }
        byte[] content = Files.readAllBytes(file);
        return content.length == 0 || JsonText.parse(content) instanceof List<?>;
    }
}
