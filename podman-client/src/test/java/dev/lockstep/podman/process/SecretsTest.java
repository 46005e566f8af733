package dev.lockstep.podman.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @ParameterizedTest
    @CsvSource({
        "https://user:secret@h/v2,https://***@h/v2",
        "Authorization: Bearer abcdefgh1234,Authorization: Bearer ***",
        "Authorization: Basic dXNlcjpzZWNyZXQ=,Authorization: Basic ***",
        "https://h/blob?X-Amz-Signature=abc&x=1,https://h/blob?X-Amz-Signature=***&x=1",
        "token=abcdef,token=***",
        "registry.example/app@sha256:00 is fine,registry.example/app@sha256:00 is fine",
    })
    void credentialsAreReplacedAndTheRestStays(String text, String redacted) {
        assertThat(Secrets.redact(text)).isEqualTo(redacted);
    }

    @Test
    void aLineWithoutEndIsReadInReasonableTime() {
        String line = "x".repeat(600_000);

        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThat(Secrets.redact(line)).isEqualTo(line));
    }
}
