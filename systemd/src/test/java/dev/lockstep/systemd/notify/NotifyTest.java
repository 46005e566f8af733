package dev.lockstep.systemd.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.lockstep.systemd.socket.ReceivingSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void eachNoticeIsOneDatagramOfAssignments() throws Exception {
        String name = directory.resolve("notify").toString();
        Notify notify = Notify.of(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "3000000"));
        try (ReceivingSocket receiver = ReceivingSocket.bind(name)) {
            notify.ready("idle");
            notify.status("pull:\n3 images");
            notify.watchdog();
            notify.extendTimeout(Duration.ofSeconds(90));
            notify.stopping("bye");

            assertThat(receiver.receive()).isEqualTo("READY=1\nSTATUS=idle");
            assertThat(receiver.receive()).isEqualTo("STATUS=pull: 3 images");
            assertThat(receiver.receive()).isEqualTo("WATCHDOG=1");
            assertThat(receiver.receive()).isEqualTo("EXTEND_TIMEOUT_USEC=90000000");
            assertThat(receiver.receive()).isEqualTo("STOPPING=1\nSTATUS=bye");
        }
        assertThat(notify.watchdogInterval()).contains(Duration.ofMillis(1500));
    }

    @Test
    void aReloadIsTimedByTheMonotonicClock() throws Exception {
        String name = "@lockstep-notify-" + ProcessHandle.current().pid();
        try (ReceivingSocket receiver = ReceivingSocket.bind(name)) {
            Notify.of(Map.of("NOTIFY_SOCKET", name)).reloading();

            assertThat(receiver.receive()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
        }
    }

    @Test
    void withoutAServiceManagerNothingIsSent() {
        assertThatCode(() -> Notify.of(Map.of()).ready("idle")).doesNotThrowAnyException();
        assertThat(Notify.of(Map.of()).watchdogInterval()).isEmpty();
    }

    @Test
    void aWatchdogOfAnotherProcessIsNone() {
        assertThat(Notify.of(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1"))
                        .watchdogInterval())
                .isEmpty();
        assertThat(Notify.of(Map.of("WATCHDOG_USEC", "soon")).watchdogInterval())
                .isEmpty();
    }

    @Test
    void aServiceManagerThatIsGoneHoldsNothing() {
        Notify notify =
                Notify.of(Map.of("NOTIFY_SOCKET", directory.resolve("gone").toString()));
        assertThatCode(() -> notify.status("idle")).doesNotThrowAnyException();
    }
}
