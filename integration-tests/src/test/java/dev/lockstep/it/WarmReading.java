package dev.lockstep.it;

import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.RootTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads the bound set of one root again and again in one process, for the script {@code benchmark-images}. */
final class WarmReading {
    private static final int WARM_UP = 20;

    private WarmReading() {}

    /**
     * Prints the median of the readings after the warm-up, in milliseconds.
     *
     * @param arguments the root, and the number of readings that count
     */
    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[1]);
        double[] millis = new double[rounds];
        int images = 0;
        for (int round = -WARM_UP; round < rounds; round++) {
            long start = System.nanoTime();
            try (RootTree root = RootTree.open(Path.of(arguments[0]))) {
                images = BoundImages.of(root).images().size();
            }
            if (round >= 0) {
                millis[round] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        System.out.printf("%d images: %.2f%n", images, millis[rounds / 2]);
    }
}
