package dev.lockstep.systemd.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BusErrorsTest {

    @ParameterizedTest
    @EnumSource
    void everyFailureComesBackAsItWas(ErrorCode code) {
        LockstepException failure = new LockstepException(code, "two\nlines", "do this").leaving("still on A");

        assertThat(BusErrors.failure(BusErrors.name(code), BusErrors.text(failure)))
                .hasValueSatisfying(back -> {
                    assertThat(back.code()).isEqualTo(code);
                    assertThat(back).hasMessage("two\nlines");
                    assertThat(back.state()).isEqualTo("still on A");
                    assertThat(back.hint()).isEqualTo("do this");
                });
    }

    @Test
    void namesAreInCamelCase() {
        assertThat(BusErrors.name(ErrorCode.STORE_FULL)).isEqualTo("dev.lockstep.Upgrade1.Error.StoreFull");
    }

    @Test
    void anErrorOfTheBusIsNoFailureOfOurs() {
        assertThat(BusErrors.failure("org.freedesktop.DBus.Error.NoReply", "gone"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a1,a1", "1a,_31a", "a-b,a_2db", "'',_", "a_b,a_5fb", "ä,_c3_a4"})
    void idsBecomeLabelsAsSystemdWouldMakeThem(String id, String label) {
        assertThat(BusNames.transaction(id)).isEqualTo("/dev/lockstep/Upgrade1/transaction/" + label);
    }
}
