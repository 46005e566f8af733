package dev.lockstep.systemd.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixDatagramTest {
    private static final int LONGER_THAN_A_DATAGRAM = 4 << 20;

    @TempDir
    Path directory = Path.of("");

    @Test
    void aMessageReachesTheSocketAtAPath() throws Exception {
        String name = directory.resolve("socket").toString();
        try (ReceivingSocket receiver = ReceivingSocket.bind(name);
                UnixDatagram sender = UnixDatagram.to(name)) {
            assertThat(sender.send(bytes("grüße"))).isTrue();
            assertThat(receiver.receive()).isEqualTo("grüße");
        }
    }

    @Test
    void aMessageReachesAnAbstractSocket() throws Exception {
        String name = "@lockstep-test-" + ProcessHandle.current().pid();
        try (ReceivingSocket receiver = ReceivingSocket.bind(name);
                UnixDatagram sender = UnixDatagram.to(name)) {
            sender.send(bytes("one"));
            assertThat(receiver.receive()).isEqualTo("one");
        }
    }

    @Test
    void whatIsTooLongForADatagramIsSaidAndGoesAsAFile() throws Exception {
        String name = directory.resolve("socket").toString();
        byte[] content = new byte[LONGER_THAN_A_DATAGRAM];
        Arrays.fill(content, (byte) 'x');
        try (ReceivingSocket receiver = ReceivingSocket.bind(name);
                UnixDatagram sender = UnixDatagram.to(name)) {
            assertThat(sender.send(content)).isFalse();
            sender.sendSealed(content);
            assertThat(receiver.receiveFile()).isEqualTo(content);
        }
    }

    @Test
    void aReceiverThatWasRestartedGetsTheNextMessage() throws Exception {
        Path path = directory.resolve("socket");
        try (UnixDatagram sender = UnixDatagram.to(path.toString())) {
            ReceivingSocket.bind(path.toString()).close();
            assertThatThrownBy(() -> sender.send(bytes("lost"))).isInstanceOf(IOException.class);
            java.nio.file.Files.delete(path);
            try (ReceivingSocket receiver = ReceivingSocket.bind(path.toString())) {
                sender.send(bytes("two"));
                assertThat(receiver.receive()).isEqualTo("two");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "relative",
                "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void aNameThatNoSocketHasIsRefused(String name) {
        assertThatThrownBy(() -> UnixDatagram.to(name)).isInstanceOf(IOException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
