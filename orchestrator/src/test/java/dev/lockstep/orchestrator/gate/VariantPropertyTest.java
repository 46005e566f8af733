package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the bytes, reading them gives a value or the one exception. */
final class VariantPropertyTest {

    @Property(tries = 300)
    void whatIsWrittenIsReadBack(@ForAll("dictionaries") Map<String, Variant> entries) throws Exception {
        assertThat(Variant.parse(VariantEncoder.dictionary(entries)).entries()).isEqualTo(entries);
    }

    @Property(tries = 600)
    void anyBytesGiveAValueOrThePlaceOfTheFault(@ForAll byte[] bytes) {
        parse(bytes);
    }

    @Property(tries = 600)
    void damagedBytesGiveAValueOrThePlaceOfTheFault(
            @ForAll("dictionaries") Map<String, Variant> entries,
            @ForAll int place,
            @ForAll byte value,
            @ForAll int cut) {
        byte[] bytes = VariantEncoder.dictionary(entries);
        if (bytes.length > 0) {
            bytes[Math.floorMod(place, bytes.length)] = value;
        }
        parse(bytes);
        parse(Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length + 1)));
    }

    private static void parse(byte[] bytes) {
        try {
            Variant.Dictionary taken = Variant.parse(bytes);
            // There is one way to write a value, and only that is taken.
            if (!hasOpaque(taken)) {
                assertThat(VariantEncoder.dictionary(taken.entries())).isEqualTo(bytes);
            }
        } catch (VariantException e) {
            assertThat(e.offset()).isBetween(0, bytes.length);
        }
    }

    private static boolean hasOpaque(Variant value) {
        return switch (value) {
            case Variant.Opaque opaque -> true;
            case Variant.Dictionary dictionary ->
                dictionary.entries().values().stream().anyMatch(VariantPropertyTest::hasOpaque);
            case Variant.Text text -> false;
            case Variant.Bool bool -> false;
            case Variant.Unsigned number -> false;
            case Variant.Texts texts -> false;
        };
    }

    @Provide
    Arbitrary<Map<String, Variant>> dictionaries() {
        return dictionaries(3);
    }

    private static Arbitrary<Map<String, Variant>> dictionaries(int levels) {
        Arbitrary<String> texts = Arbitraries.strings()
                .ofMaxLength(100)
                .filter(text ->
                        text.indexOf('\0') < 0 && text.chars().noneMatch(unit -> Character.isSurrogate((char) unit)));
        Arbitrary<Variant> values = Arbitraries.oneOf(
                texts.map(Variant.Text::new),
                Arbitraries.of(true, false).map(Variant.Bool::new),
                Arbitraries.longs().between(0, 4294967295L).map(Variant.Unsigned::new),
                texts.list().ofMaxSize(4).map(Variant.Texts::new),
                Arbitraries.of("t", "(us)", "aay").map(Variant.Opaque::new));
        Arbitrary<Variant> all = levels == 0
                ? values
                : Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(3, values),
                        net.jqwik.api.Tuple.of(1, dictionaries(levels - 1).map(Variant.Dictionary::new)));
        return Arbitraries.maps(texts, all).ofMaxSize(5);
    }
}
