package dev.lockstep.podman;

import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.disk.Space;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What fetching images will move and take, known before anything is fetched. Each layer is counted once, however many images share it.
 *
 * <p>What it takes on disk is estimated: every layer unpacked, as much larger as the layers that the store has are (see
 * {@link StoredBlobs#expansion()}), and beside them the packed layers of the largest images that are fetched at one time, which podman keeps
 * until the image is complete. Each layer and each {@value #BYTES_A_FILE} bytes unpacked count as files.
 *
 * @param images that are wanted
 * @param present of these, in the store already
 * @param layers to fetch
 * @param fetch bytes to fetch, compressed
 * @param need bytes that this takes while it is done, estimated
 * @param files that this makes, estimated
 */
public record PullPlan(int images, int present, int layers, long fetch, long need, long files) {
    /** So few files that a file system with one inode for 16 KiB, as most are made, runs out of bytes first. */
    private static final int BYTES_A_FILE = 64 << 10;

    private static final int FILES_A_LAYER = 16;

    /**
     * Plans.
     *
     * @param images number of images that are wanted
     * @param absent of these, to be pulled; a layer that the store has is not fetched
     * @param damaged of these, to be fetched whole into a scratch store
     * @param here what the store has
     * @param parallel how many are fetched at one time
     */
    public static PullPlan of(
            int images,
            Collection<ResolvedImage> absent,
            Collection<ResolvedImage> damaged,
            StoredBlobs here,
            int parallel) {
        Set<ResolvedImage.Blob> layers = new LinkedHashSet<>();
        absent.forEach(image -> layers.addAll(missing(image, here.digests())));
        long fetch = sum(layers);
        int number = layers.size();
        for (ResolvedImage image : damaged) {
            List<ResolvedImage.Blob> whole = missing(image, Set.of());
            number += whole.size();
            fetch += sum(whole);
        }
        long packed = absent.stream()
                .map(image -> sum(missing(image, here.digests())))
                .sorted(Comparator.reverseOrder())
                .limit(parallel)
                .mapToLong(Long::longValue)
                .sum();
        long unpacked = (long) (fetch * here.expansion());
        long scratch = Math.min(packed, sum(layers)) + (fetch - sum(layers));
        return new PullPlan(
                images,
                images - absent.size() - damaged.size(),
                number,
                fetch,
                unpacked + scratch,
                unpacked / BYTES_A_FILE + (long) number * FILES_A_LAYER);
    }

    /** The layers of an image that are not here, base first, each once. */
    static List<ResolvedImage.Blob> missing(ResolvedImage image, Set<String> here) {
        Set<String> seen = new HashSet<>(here);
        return image.layers().stream().filter(layer -> seen.add(layer.digest())).toList();
    }

    private static long sum(Collection<ResolvedImage.Blob> layers) {
        return layers.stream().mapToLong(ResolvedImage.Blob::size).sum();
    }

    /** Whether it fits into what is free. */
    public boolean fits(Space free) {
        return need <= free.bytes() && files <= free.files();
    }

    /**
     * Nothing when it fits.
     *
     * @throws ImageException STORE_FULL with the whole plan and what is free
     */
    public void requireSpace(Space free, Path store) throws ImageException {
        if (fits(free)) {
            return;
        }
        String lacking = need > free.bytes()
                ? Sizes.text(need - free.bytes()) + " more are needed"
                : String.format(Locale.ROOT, "it makes about %d files, and %d can be made", files, free.files());
        throw new ImageException(
                ImageError.STORE_FULL,
                "the images do not fit on the file system of " + store + ": " + text(free.bytes()) + "; " + lacking,
                "make room on that file system, then run 'lockstep retry'");
    }

    /** In one line. */
    public String text(long free) {
        return text(images, present, layers, fetch, need, free);
    }

    /** The same of its numbers. */
    public static String text(int images, int present, int layers, long fetch, long need, long free) {
        return images + (images == 1 ? " image, " : " images, ") + present + " present, " + layers
                + (layers == 1 ? " layer, " : " layers, ") + Sizes.text(fetch) + " to fetch, " + Sizes.text(need)
                + " needed, " + Sizes.text(free) + " free";
    }
}
