package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.ImageReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which images of a real store nobody needs. Each case is one in which comparing names as text would lose an image or keep one for ever. */
class UnneededTest extends RealStoreTestBase {
    private ResolvedImage pulled(String name, String... seeds) throws ImageException {
        ResolvedImage image = real().pushed(name, seeds);
        real().pull(image);
        return image;
    }

    private Unneeded unneeded(ResolvedImage... needed) throws ImageException {
        Set<String> images = Stream.of(needed).map(ResolvedImage::configDigest).collect(Collectors.toSet());
        return Unneeded.in(real().location, new Unneeded.Needs(images, List.of(), List.of(primary())));
    }

    private static List<String> ids(Unneeded unneeded) {
        return unneeded.images().stream().map(Unneeded.Image::configDigest).toList();
    }

    /** The graph root of an ordinary podman that looks into our store. */
    private Path primary() {
        return directory.resolve("primary");
    }

    private void ordinaryPodman(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "--root=" + primary(),
                "--runroot=" + directory.resolve("primary-run"),
                "--tmpdir=" + directory.resolve("primary-tmp"),
                "--storage-driver=overlay",
                "--storage-opt=additionalimagestore=" + real().location.graphRoot()));
        command.addAll(List.of(words));
        real().run(command);
    }

    @Test
    void anEmptyStoreHasNothing() throws Exception {
        assertThat(unneeded()).isEqualTo(new Unneeded(List.of(), 0, 0, 0));
    }

    @Test
    void anImageIsNeededUnderWhateverNamesItHas() throws Exception {
        ResolvedImage needed = pulled("app:1", "base", "own");
        ResolvedImage other = pulled("old:1", "base", "older");
        real().podman.tag(needed.configDigest(), ImageReference.parse(host + "/renamed:9"));
        real().podman.untag(needed.pinned());

        Unneeded unneeded = unneeded(needed);

        assertThat(ids(unneeded)).containsExactly(other.configDigest());
        assertThat(unneeded.images().get(0).names())
                .containsExactly(other.pinned().toString());
        assertThat(unneeded.kept()).isEqualTo(1);
        real().podman.remove(other.configDigest());
        assertThat(real().store.checkContent(real().store.layers(needed))).isEmpty();
        assertThat(real().store.layers(needed)).hasSize(2);
    }

    @Test
    void anImageWithoutAnyNameIsNotNeededAndOneThatANeededNameMeansIs() throws Exception {
        ResolvedImage nameless = pulled("app:1", "base", "own");
        real().podman.untag(nameless.pinned());
        ResolvedImage tagged = pulled("tagged:1", "base", "tagged");
        real().podman.tag(tagged.configDigest(), tagged.reference());
        ResolvedImage byDigest = pulled("digest:1", "base", "digest");

        Unneeded unneeded = Unneeded.in(
                real().location,
                new Unneeded.Needs(Set.of(), List.of(tagged.reference(), byDigest.pinned()), List.of()));

        assertThat(ids(unneeded)).containsExactly(nameless.configDigest());
        assertThat(unneeded.images().get(0).names()).isEmpty();
    }

    @Test
    void bytesAreThoseOfLayersThatNobodyElseHas() throws Exception {
        ResolvedImage needed = pulled("app:1", "base", "own");
        pulled("old:1", "base", "older");
        long layer = real().store.layers(needed).get(1).size();

        assertThat(unneeded(needed).bytes()).isEqualTo(layer);
        assertThat(unneeded().bytes()).isEqualTo(3 * layer);
    }

    @Test
    void whatOrdinaryPodmanBuiltUponStays() throws Exception {
        ResolvedImage below = pulled("below:1", "base", "own");
        ResolvedImage above = real().pushed("above:1", "base", "own", "top");
        ordinaryPodman("pull", "--quiet", "--tls-verify=false", above.pinned().toString());

        assertThat(ids(unneeded())).isEmpty();
        ordinaryPodman("rmi", "--force", above.pinned().toString());
        assertThat(ids(unneeded())).containsExactly(below.configDigest());
    }

    @Test
    void theImageOfAContainerStays() throws Exception {
        ResolvedImage image = pulled("app:1", "base", "own");
        ordinaryPodman("create", "--name=c", "--network=none", image.pinned().toString(), "/x");

        assertThat(ids(unneeded())).isEmpty();
        ordinaryPodman("rm", "c");
        assertThat(ids(unneeded())).containsExactly(image.configDigest());
    }

    @Test
    void aPinIsNoLooseLayerAndALayerWithoutAnImageIs() throws Exception {
        ResolvedImage image = pulled("app:1", "base", "own");
        real().podman.pin("11111111-1111-4111-8111-111111111111", List.of(image), ignored -> {});
        assertThat(unneeded(image).looseLayers()).isZero();

        // What a pull leaves that was killed before it wrote the image's record.
        Path images = real().location.directory().resolve("overlay-images/images.json");
        Files.writeString(images, "[]");

        assertThat(unneeded()).extracting(Unneeded::looseLayers).isEqualTo(2);
        assertThat(unneeded().looseBytes()).isPositive();
    }

    @Test
    void nothingIsKnownToBeUnneededWhenAListCannotBeRead() throws Exception {
        pulled("app:1", "base", "own");
        Files.createDirectories(primary().resolve("overlay-layers"));
        Files.writeString(primary().resolve("overlay-layers/layers.json"), "{");

        assertThatThrownBy(this::unneeded)
                .isInstanceOfSatisfying(
                        ImageException.class,
                        failure -> assertThat(failure.error()).isEqualTo(ImageError.STORE_UNUSABLE));
    }
}
