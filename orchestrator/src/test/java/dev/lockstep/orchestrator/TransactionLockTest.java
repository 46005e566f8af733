package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionLockTest {

    @TempDir
    Path directory;

    @Test
    void theSecondIsToldWhoHoldsIt() throws Exception {
        Path file = directory.resolve("state/lock");
        try (TransactionLock held = TransactionLock.take(file, "upgrade")) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> TransactionLock.take(file, "retry"))
                    .isInstanceOfSatisfying(
                            LockstepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCK_HELD))
                    .hasMessageContaining("'lockstep upgrade'")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void afterItsReleaseItCanBeTakenAgain() throws Exception {
        Path file = directory.resolve("lock");
        TransactionLock.take(file, "upgrade").close();
        TransactionLock.take(file, "retry").close();
    }
}
