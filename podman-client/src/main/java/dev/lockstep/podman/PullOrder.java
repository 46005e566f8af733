package dev.lockstep.podman;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which order images are pulled at once so that no layer is fetched twice. podman does not lock what it fetches: two pulls that begin
 * before a layer of both is in the store fetch it both. So a layer that several images lack has one leader, the image whose pull runs; the
 * others begin when the layer is in the store, or when its leader has failed and one of them takes its place.
 *
 * <p>Images that bring what many wait for go first, then large ones before small ones. Not for several threads.
 */
public final class PullOrder {
    private final List<ResolvedImage> waiting;
    private final Map<ResolvedImage, Set<String>> running = new LinkedHashMap<>();
    private final Set<String> here;

    /**
     * Of images that are to be pulled.
     *
     * @param here digests of the compressed layers that the store has
     */
    public PullOrder(List<ResolvedImage> images, Set<String> here) {
        this.here = new HashSet<>(here);
        Map<String, Integer> users = new HashMap<>();
        images.forEach(
                image -> PullPlan.missing(image, here).forEach(layer -> users.merge(layer.digest(), 1, Integer::sum)));
        this.waiting = new ArrayList<>(images);
        waiting.sort(Comparator.<ResolvedImage>comparingLong(image -> bytes(image, users, 1))
                .thenComparingLong(image -> bytes(image, users, 0))
                .reversed());
    }

    /** Bytes of the missing layers that more than so many images want. */
    private long bytes(ResolvedImage image, Map<String, Integer> users, int more) {
        return PullPlan.missing(image, here).stream()
                .filter(layer -> users.getOrDefault(layer.digest(), 0) > more)
                .mapToLong(ResolvedImage.Blob::size)
                .sum();
    }

    /** The next image whose pull fetches nothing that a running one fetches; it counts as running from now on. */
    public Optional<ResolvedImage> next() {
        Set<String> claimed = new HashSet<>();
        running.values().forEach(claimed::addAll);
        for (ResolvedImage image : waiting) {
            Set<String> missing = missing(image);
            if (missing.stream().noneMatch(claimed::contains)) {
                waiting.remove(image);
                running.put(image, missing);
                return Optional.of(image);
            }
        }
        return Optional.empty();
    }

    /** These layers are in the store now. */
    public void arrived(Set<String> digests) {
        here.addAll(digests);
        running.values().forEach(claims -> claims.removeAll(digests));
    }

    /** An image's pull has ended, well or not. */
    public void ended(ResolvedImage image) {
        running.remove(image);
    }

    /** No other image is to begin. */
    public void stop() {
        waiting.clear();
    }

    /** Whether a running pull holds another one back. */
    public boolean isHeldBack() {
        return !waiting.isEmpty() && !running.isEmpty();
    }

    /** Whether every pull has ended and none is to begin. */
    public boolean isDone() {
        return waiting.isEmpty() && running.isEmpty();
    }

    private Set<String> missing(ResolvedImage image) {
        Set<String> missing = new HashSet<>();
        PullPlan.missing(image, here).forEach(layer -> missing.add(layer.digest()));
        return missing;
    }
}
