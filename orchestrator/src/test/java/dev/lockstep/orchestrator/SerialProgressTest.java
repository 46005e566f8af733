package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is told through it reaches the one who watches. */
class SerialProgressTest {

    @Test
    void itHandsOnWhateverCanBeTold() {
        assertThat(Stream.of(SerialProgress.class.getDeclaredMethods())
                        .filter(method -> !method.isSynthetic())
                        .map(Method::getName))
                .containsExactlyInAnyOrderElementsOf(Stream.of(Progress.class.getDeclaredMethods())
                        .filter(method -> !method.isSynthetic())
                        .map(Method::getName)
                        .toList());
    }
}
