package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.podman.ImageError;
import dev.lockstep.podman.ImageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

    @ParameterizedTest
    @EnumSource
    void everyFailureOfAnImageKeepsItsNameAndWhetherItIsWorthTryingAgain(ImageError error) {
        LockstepException failure = Failures.of(new ImageException(error, "message", "hint"));

        assertThat(failure.code().name()).isEqualTo(error.name());
        assertThat(failure.code().category() == ErrorCode.Category.RETRYABLE).isEqualTo(error.retryable());
        assertThat(failure.hint()).isEqualTo("hint");
    }
}
