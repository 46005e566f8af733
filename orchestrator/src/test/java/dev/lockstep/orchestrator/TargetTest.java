package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example/os:1",
                "localhost:5000/os:latest",
                "ostree:fedora/stable/x86_64",
                "ostree:remote:branch/name",
            })
    void whatIsWrittenIsReadBack(String text) {
        assertThat(Target.parse(text).toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "os", "ostree:", "ostree:--help", "ostree:a b", "ostree:../x:y:z", "-registry.example/os"})
    void anythingElseIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).{10,}");
    }
}
