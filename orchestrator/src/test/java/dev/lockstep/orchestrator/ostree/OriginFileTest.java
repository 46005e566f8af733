package dev.lockstep.orchestrator.ostree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.Deployment;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginFileTest {

    @Test
    void whatIsWrittenIsReadBack() {
        Deployment.Origin origin = new Deployment.Origin(
                Optional.of("registry.example/os:1"), Optional.of("sha256:00"), Optional.of("a transaction"));

        assertThat(OriginFile.parse(OriginFile.text("c0ffee", origin))).isEqualTo(origin);
    }

    @Test
    void anOriginThatOstreeWroteTellsItsRefspec() {
        assertThat(OriginFile.parse("[origin]\nrefspec=fedora:stable\n"))
                .isEqualTo(new Deployment.Origin(Optional.of("fedora:stable"), Optional.empty(), Optional.empty()));
    }

    @Test
    void anOriginThatBootcWroteTellsItsImage() {
        assertThat(OriginFile.parse("[origin]\ncontainer-image-reference=ostree-unverified-registry:quay.io/a/b:1\n")
                        .source())
                .contains("ostree-unverified-registry:quay.io/a/b:1");
    }
}
