package dev.lockstep.podman;

import static dev.lockstep.podman.TestingImages.digest;
import static dev.lockstep.podman.TestingImages.image;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PullOrderTest {
    private static final ResolvedImage A = image("a", "base=100", "runtime=50", "a=10");
    private static final ResolvedImage B = image("b", "base=100", "runtime=50", "b=20");
    private static final ResolvedImage C = image("c", "base=100", "c=5");
    private static final ResolvedImage ALONE = image("alone", "x=1");
    private static final ResolvedImage LARGE = image("large", "y=1000");

    private static List<ResolvedImage> all(PullOrder order) {
        List<ResolvedImage> next = new ArrayList<>();
        order.next().ifPresent(image -> {
            next.add(image);
            next.addAll(all(order));
        });
        return next;
    }

    @Test
    void imagesThatShareNothingRunAtOnceTheLargestFirst() {
        assertThat(all(new PullOrder(List.of(ALONE, LARGE), Set.of()))).containsExactly(LARGE, ALONE);
    }

    @Test
    void aSharedLayerHasOneLeaderAndTheOthersWait() {
        PullOrder order = new PullOrder(List.of(C, A, B, ALONE), Set.of());

        assertThat(all(order)).containsExactly(B, ALONE);
        order.arrived(Set.of(digest("base")));
        assertThat(all(order)).containsExactly(C);
        order.arrived(Set.of(digest("runtime")));
        assertThat(all(order)).containsExactly(A);
        assertThat(order.isDone()).isFalse();
        List.of(A, B, C, ALONE).forEach(order::ended);
        assertThat(order.isDone()).isTrue();
    }

    @Test
    void aLayerThatIsHereHoldsNobodyBack() {
        assertThat(all(new PullOrder(List.of(A, B), Set.of(digest("base"), digest("runtime")))))
                .containsExactly(B, A);
    }

    @Test
    void whenALeaderFailsAnotherTakesItsPlace() {
        PullOrder order = new PullOrder(List.of(A, B, C), Set.of());
        assertThat(all(order)).containsExactly(B);

        order.ended(B);

        assertThat(all(order)).containsExactly(A);
    }

    @Test
    void afterAStopNothingBegins() {
        PullOrder order = new PullOrder(List.of(A, B), Set.of());
        order.next();

        order.stop();
        order.ended(B);

        assertThat(all(order)).isEmpty();
        assertThat(order.isDone()).isTrue();
    }

    /** Whatever is shared and whoever fails: no layer is fetched by two at once, none twice without a failure, and all images run. */
    @Test
    void randomFleetsFetchEachLayerOnceAndNeverStandStill() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<ResolvedImage> images = IntStream.range(0, 1 + random.nextInt(12))
                    .mapToObj(number -> image("i" + number, layers(random)))
                    .toList();
            assertThat(run(new PullOrder(images, Set.of()), images.size(), random))
                    .hasSameElementsAs(images);
        }
    }

    private static String[] layers(Random random) {
        return IntStream.range(0, 1 + random.nextInt(5))
                .mapToObj(index -> "l" + random.nextInt(10) + "=" + (1 + random.nextInt(3)))
                .toArray(String[]::new);
    }

    private static List<ResolvedImage> run(PullOrder order, int atMost, Random random) {
        List<ResolvedImage> begun = new ArrayList<>();
        List<ResolvedImage> running = new ArrayList<>();
        Set<String> here = new HashSet<>();
        while (!order.isDone()) {
            Set<String> fetching = new HashSet<>();
            running.forEach(image -> fetching.addAll(missing(image, here)));
            for (ResolvedImage image : all(order)) {
                assertThat(missing(image, here)).noneMatch(fetching::contains);
                fetching.addAll(missing(image, here));
                begun.add(image);
                running.add(image);
            }
            assertThat(running).isNotEmpty();
            ResolvedImage ending = running.remove(random.nextInt(running.size()));
            if (random.nextInt(4) > 0) {
                here.addAll(missing(ending, Set.of()));
                order.arrived(missing(ending, Set.of()));
            }
            order.ended(ending);
            assertThat(begun).hasSizeLessThanOrEqualTo(atMost);
        }
        return begun;
    }

    private static Set<String> missing(ResolvedImage image, Set<String> here) {
        Set<String> missing = new HashSet<>();
        PullPlan.missing(image, here).forEach(layer -> missing.add(layer.digest()));
        return missing;
    }
}
