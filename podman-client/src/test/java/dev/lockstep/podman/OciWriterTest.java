package dev.lockstep.podman;

import static dev.lockstep.podman.OciFixture.CONFIG;
import static dev.lockstep.podman.OciFixture.LAYER;
import static dev.lockstep.podman.OciFixture.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciWriterTest {
    private static final ImageReference OLD = ImageReference.parse("registry.example/app:1");
    private static final ImageReference NEW = ImageReference.parse("registry.example/app:2");

    @TempDir
    Path path = Path.of("");

    @Test
    void whatIsDamagedIsRemovedAndCountsAsMissing() throws Exception {
        OciFixture fixture = new OciFixture(path);
        OciImages images =
                fixture.name(OLD.toString(), fixture.image(CONFIG, LAYER)).open();
        ResolvedImage image = images.resolve(OLD, PullOptions.DEFAULT).orElseThrow();
        assertThat(OciWriter.open(fixture.directory).has(image)).isTrue();

        Files.writeString(fixture.file(digest(LAYER)), "the content of a  ayer");
        OciWriter writer = OciWriter.open(fixture.directory);

        assertThat(writer.missing(image)).containsExactlyElementsOf(image.layers());
        assertThat(fixture.file(digest(LAYER))).doesNotExist();
    }

    @Test
    void namesOfBeforeStayAndOneThatMovedMeansTheNewImageOnly() throws Exception {
        OciFixture fixture = new OciFixture(path);
        String first = fixture.image(CONFIG, LAYER);
        String second = fixture.image(CONFIG, "another layer");
        fixture.name(OLD.toString(), first).name(NEW.toString(), first).open();

        OciWriter writer = OciWriter.open(fixture.directory);
        writer.name(NEW, second);
        assertThat(OciImages.open(fixture.directory).resolve(NEW, PullOptions.DEFAULT))
                .map(ResolvedImage::digest)
                .contains(first);
        writer.finish();

        OciImages images = OciImages.open(fixture.directory);
        assertThat(images.resolve(OLD, PullOptions.DEFAULT))
                .map(ResolvedImage::digest)
                .contains(first);
        assertThat(images.resolve(NEW, PullOptions.DEFAULT))
                .map(ResolvedImage::digest)
                .contains(second);
    }

    @Test
    void aListMustBeWhatItsDigestSays() throws Exception {
        OciWriter writer = OciWriter.open(new OciDirectory(path.resolve("new")));

        assertThatThrownBy(() -> writer.add("{}".getBytes(StandardCharsets.UTF_8), digest("[]")))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.IMAGE_MALFORMED));
    }

    @Test
    void aDirectoryOfSomethingElseIsLeftAlone() throws Exception {
        Files.writeString(path.resolve("thesis.odt"), "years of work");

        assertThatThrownBy(() -> OciWriter.open(new OciDirectory(path)))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.OCI_UNUSABLE))
                .hasMessageContaining("thesis.odt");
        try (var files = Files.list(path)) {
            assertThat(files).hasSize(1);
        }
    }
}
