package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class ImageReferencePropertyTest {

    @Property
    void canonicalTextReadsBackToTheSameReference(@ForAll("references") String text) {
        ImageReference reference = ImageReference.parse(text);
        assertThat(ImageReference.parse(reference.toString())).isEqualTo(reference);
        assertThat(reference.tag().isPresent()).isNotEqualTo(reference.digest().isPresent());
    }

    @Property
    void anyTextIsReadOrRefusedWithOneException(@ForAll("texts") String text) {
        assertThatCode(() -> {
                    try {
                        ImageReference reference = ImageReference.parse(text);
                        assertThat(ImageReference.parse(reference.toString())).isEqualTo(reference);
                    } catch (IllegalArgumentException e) {
                        assertThat(e.getMessage()).isNotBlank();
                    }
                })
                .doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<String> references() {
        Arbitrary<String> registries =
                Arbitraries.of("quay.io", "docker.io", "index.docker.io", "localhost", "r:5000", "A.b.c");
        Arbitrary<String> words = Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<String> paths = words.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .flatMap(
                        parts -> Arbitraries.of("/", ".", "_", "__", "-", "---").map(mark -> String.join(mark, parts)));
        Arbitrary<String> tags = Arbitraries.of("", ":1", ":latest", ":_X.y-z");
        Arbitrary<String> digests = Arbitraries.strings()
                .withChars("0123456789abcdef")
                .ofLength(64)
                .map(hex -> "@sha256:" + hex)
                .injectDuplicates(0.1)
                .optional()
                .map(digest -> digest.orElse(""));
        return Combinators.combine(Arbitraries.of("", "docker://"), registries, paths, tags, digests)
                .as((transport, registry, path, tag, digest) -> transport + registry + "/" + path + tag + digest);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(700),
                Arbitraries.strings().withChars("aA0.:/@_-[]$%\n\0 ").ofMaxLength(60),
                references().map(text -> text.substring(text.length() / 3)));
    }
}
