package dev.lockstep.podman;

import static dev.lockstep.podman.TestingImages.digest;
import static dev.lockstep.podman.TestingImages.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.podman.disk.Space;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PullPlanTest {
    private static final Path STORE = Path.of("/store");
    private static final ResolvedImage A = image("a", "base=1000", "a=10");
    private static final ResolvedImage B = image("b", "base=1000", "b=20", "b=20");
    private static final StoredBlobs DOUBLE = new StoredBlobs(Set.of(), 2 << 20, 4 << 20);

    @Test
    void aLayerCountsOnceHoweverManyImagesShareIt() {
        PullPlan plan = PullPlan.of(3, List.of(A, B), List.of(), DOUBLE, 1);

        assertThat(plan.images()).isEqualTo(3);
        assertThat(plan.present()).isEqualTo(1);
        assertThat(plan.layers()).isEqualTo(3);
        assertThat(plan.fetch()).isEqualTo(1030);
    }

    @Test
    void itTakesEveryLayerUnpackedAndTheScratchOfWhatIsFetchedAtOneTime() {
        assertThat(PullPlan.of(2, List.of(A, B), List.of(), DOUBLE, 1).need()).isEqualTo(2 * 1030 + 1020);
        assertThat(PullPlan.of(2, List.of(A, B), List.of(), DOUBLE, 8).need()).isEqualTo(2 * 1030 + 1030);
    }

    @Test
    void aLayerThatIsHereIsNotFetched() {
        StoredBlobs here = new StoredBlobs(Set.of(digest("base")), 0, 0);

        assertThat(PullPlan.of(2, List.of(A, B), List.of(), here, 1).fetch()).isEqualTo(30);
    }

    @Test
    void aDamagedImageIsFetchedWholeWhateverIsHere() {
        StoredBlobs here = new StoredBlobs(Set.of(digest("base"), digest("a"), digest("b")), 0, 0);

        PullPlan plan = PullPlan.of(2, List.of(), List.of(A), here, 1);

        assertThat(plan.fetch()).isEqualTo(1010);
        assertThat(plan.present()).isEqualTo(1);
    }

    @Test
    void layersGrowAsThoseThatAreHere() {
        assertThat(StoredBlobs.none().expansion()).isEqualTo(2.5);
        assertThat(DOUBLE.expansion()).isEqualTo(2);
        assertThat(new StoredBlobs(Set.of(), 4 << 20, 2 << 20).expansion()).isEqualTo(1);
        assertThat(new StoredBlobs(Set.of(), 2 << 20, 200 << 20).expansion()).isEqualTo(4);
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsNumbers() {
        PullPlan plan = PullPlan.of(3, List.of(A, B), List.of(), DOUBLE, 1);

        assertThatCode(() -> plan.requireSpace(new Space(plan.need(), plan.files()), STORE))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> plan.requireSpace(new Space(plan.need() - 1, plan.files()), STORE))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.STORE_FULL))
                .hasMessageContaining("/store")
                .hasMessageContaining(
                        "3 images, 1 present, 3 layers, 1.0 KiB to fetch, 3.0 KiB needed, 3.0 KiB free; 1 B more");
        assertThatThrownBy(() -> plan.requireSpace(new Space(Long.MAX_VALUE, plan.files() - 1), STORE))
                .hasMessageContaining("about 48 files, and 47 can be made");
    }
}
