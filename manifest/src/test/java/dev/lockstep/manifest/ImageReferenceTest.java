package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "quay.io/a/b:1, quay.io/a/b:1",
        "quay.io/a/b, quay.io/a/b:latest",
        "docker.io/nginx, docker.io/library/nginx:latest",
        "docker.io/library/nginx:1, docker.io/library/nginx:1",
        "docker.io/user/app:1, docker.io/user/app:1",
        "index.docker.io/nginx:1, docker.io/library/nginx:1",
        "docker://quay.io/a/b:1, quay.io/a/b:1",
        "localhost/a, localhost/a:latest",
        "localhost:5000/a:1, localhost:5000/a:1",
        "registry:5000/a, registry:5000/a:latest",
        "10.0.0.1:5000/a, 10.0.0.1:5000/a:latest",
        "docker://nginx, docker.io/library/nginx:latest",
        "Registry.Example.COM/a, Registry.Example.COM/a:latest",
        "quay.io/a__b/c-d/e.f/g---h, quay.io/a__b/c-d/e.f/g---h:latest",
        "quay.io/a:_Tag.1-x, quay.io/a:_Tag.1-x"
    })
    void aReferenceIsReadAsPodmanCanonicalisesIt(String text, String canonical) {
        assertThat(ImageReference.parse(text)).hasToString(canonical);
    }

    @Test
    void theDigestCountsWhenThereIsATagToo() {
        ImageReference reference = ImageReference.parse("quay.io/a/b:1@" + DIGEST);
        assertThat(reference).hasToString("quay.io/a/b@" + DIGEST);
        assertThat(reference.tag()).isEmpty();
        assertThat(reference.name()).isEqualTo("quay.io/a/b");
        assertThat(ImageReference.parse("quay.io/a/b:1").at(DIGEST)).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "nginx:1", "library/nginx", "user/app:1", "quay_x.io/a"})
    void aShortNameIsRefusedBecauseItMeansSomethingElseOnEachHost(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not name its registry");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oci:/var/lib/x",
                "oci:5000/x",
                "oci-archive:/x.tar",
                "dir:/x",
                "docker-archive:/x.tar",
                "docker-daemon:x:1",
                "containers-storage:quay.io/a/b",
                "https://quay.io/a/b"
            })
    void onlyTheRegistryTransportIsTaken(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an image of a registry");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "quay.io/",
                "quay.io/A",
                "UPPER/app",
                "[::1]:5000/a",
                "[2001:db8::1]/a",
                "quay.io/a b",
                "quay.io/a\n",
                "quay.io//a",
                "quay.io/a/",
                "quay.io/a:",
                "quay.io/a:.x",
                "quay.io/a@sha256:abc",
                "quay.io/a@md5:0123",
                "quay..io/a",
                "-quay.io/a",
                "quay.io:/a",
                "quay.io/a_-b",
                "quay.io/a___b",
                "sha256:0123"
            })
    void whatIsOutsideTheGrammarIsRefused(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void lengthIsBounded() {
        assertThat(ImageReference.parse("quay.io/" + "a".repeat(247)).name()).hasSize(255);
        for (int length : new int[] {248, 600, 1_000_000}) {
            assertThatThrownBy(() -> ImageReference.parse("quay.io/" + "a".repeat(length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .hasSizeLessThan(400);
        }
        assertThatThrownBy(() -> ImageReference.parse("quay.io/a:" + "t".repeat(129)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
