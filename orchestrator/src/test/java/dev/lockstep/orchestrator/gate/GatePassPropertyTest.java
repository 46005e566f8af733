package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever stands in a pass comes back, and no bytes are anything but a pass or a told deviation. */
final class GatePassPropertyTest {

    @Property(tries = 500)
    void whatIsWrittenIsReadBack(
            @ForAll("texts") String who, @ForAll("texts") String why, @ForAll("targets") String target)
            throws Exception {
        GatePass pass = anyPass(who, why, target);

        byte[] written = pass.encode();

        assertThat(GatePass.parse(written)).isEqualTo(pass);
        assertThat(new String(written, StandardCharsets.UTF_8).split("\n")).hasSize(11);
    }

    static GatePass anyPass(String who, String why, String target) {
        return new GatePass(
                TestingHost.BOOT,
                TestingHost.BOOT,
                new DeploymentName("os", TestingHost.CHECKSUM, 0),
                new DirectoryIdentity(1, -2),
                List.of(
                        new Fingerprint("/etc/" + target.replace("/", "_") + "x", Fingerprint.Kind.LINK, target),
                        new Fingerprint("/etc/b c", Fingerprint.Kind.OTHER, "")),
                List.of(new StoredImage("/a/" + target, TestingHost.IMAGE, TestingHost.DIGEST, List.of())),
                Optional.of(new GatePass.Forced(who, why)));
    }

    @Property(tries = 500)
    void anyBytesAreAToldDeviation(@ForAll byte[] bytes) {
        try {
            GatePass.parse(bytes);
            throw new AssertionError("no random bytes have the right checksum");
        } catch (LineFileException e) {
            assertThat(e.line()).isPositive();
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(20),
                        Arbitraries.strings()
                                .withChars(" %\n\r\u00a0\u2028\u0000\u001b2Fü")
                                .ofMaxLength(8))
                .filter(text -> text.chars().noneMatch(unit -> Character.isSurrogate((char) unit)));
    }

    @Provide
    Arbitrary<String> targets() {
        return texts().filter(text -> !text.isEmpty() && text.indexOf('\0') < 0);
    }
}
