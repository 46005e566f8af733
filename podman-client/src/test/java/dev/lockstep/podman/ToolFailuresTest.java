package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of podman 4.3.1 and skopeo 1.9.3, as a real registry made them say. */
class ToolFailuresTest {

    private static ImageException failed(String errors) {
        ToolResult result = new ToolResult(new Termination.Exited(125), new byte[0], errors);
        return ToolFailures.of("podman", "pull a", result, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IMAGE_NOT_FOUND|Error: initializing source docker://127.0.0.1:1/os:9: reading manifest 9 in 127.0.0.1:1/os: manifest unknown: manifest unknown",
                "IMAGE_NOT_FOUND|time=\"2026-01-01T00:00:00Z\" level=fatal msg=\"Error parsing image name \\\"docker://h/n:1\\\": reading manifest 1 in h/n: name unknown: repository name not known to registry\"",
                "REGISTRY_UNAUTHORIZED|Error: initializing source docker://127.0.0.1:1/os:2: reading manifest 2 in 127.0.0.1:1/os: unauthorized: authentication required",
                "REGISTRY_UNAUTHORIZED|Error: denied: requested access to the resource is denied",
                "REGISTRY_UNREACHABLE|Error: initializing source docker://127.0.0.1:1/x:1: pinging container registry 127.0.0.1:1: Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused",
                "REGISTRY_UNREACHABLE|Error: pinging container registry no.example: Get \"https://no.example/v2/\": dial tcp: lookup no.example: no such host",
                "REGISTRY_UNREACHABLE|Error: reading blob sha256:0: Error fetching blob: received unexpected HTTP status: 503 Service Unavailable",
                "REGISTRY_UNREACHABLE|Error: writing blob: storing blob to file: unexpected EOF",
                "REGISTRY_UNREACHABLE|time=\"x\" level=fatal msg=\"Error parsing image name \\\"docker://h/app:1\\\": reading manifest 1 in h/app: StatusCode: 408, <html><head><title>408 Request Timeout</title></he...\"",
                "REGISTRY_UNREACHABLE|Error: initializing source docker://h/app:1: reading manifest 1 in h/app: toomanyrequests",
                "REGISTRY_UNREACHABLE|Error: initializing source docker://h/app:1: reading manifest 1 in h/app: received unexpected HTTP status: 500 Internal Server Error",
                "REGISTRY_UNREACHABLE|Error: initializing source docker://h/app:1: pinging container registry h: invalid status code from registry 503 (Service Unavailable)",
                "REGISTRY_UNREACHABLE|Error: initializing source docker://h/app:1: pinging container registry h: too many requests to registry",
                "REGISTRY_UNREACHABLE|Error: parsing image configuration: too many requests to registry",
                "REGISTRY_UNREACHABLE|Error: parsing image configuration: Error fetching blob: invalid status code from registry 408 (Request Timeout)",
                "REGISTRY_UNREACHABLE|Error: parsing image configuration: Error fetching blob: invalid status code from registry 500 (Internal Server Error)",
                "REGISTRY_UNREACHABLE|Error: initializing source docker://h/app:1: read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer",
                "REGISTRY_UNREACHABLE|Error: writing blob: storing blob to file \"/tmp/storage1/1\": happened during read: read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer",
                "REGISTRY_UNREACHABLE|Error: writing blob: storing blob to file \"/tmp/storage1/1\": happened during read: unexpected EOF",
                "REGISTRY_UNAUTHORIZED|Error: initializing source docker://h/app:1: reading manifest 1 in h/app: unauthorized: unauthorized",
                "REGISTRY_UNAUTHORIZED|Error: parsing image configuration: unable to retrieve auth token: invalid username/password: unauthorized: unauthorized",
                "IMAGE_MALFORMED|Error: parsing image configuration: Download config.json digest sha256:9 does not match expected sha256:8",
                "IMAGE_INCOMPLETE|Error: parsing image configuration: Error fetching blob: invalid status code from registry 404 (Not Found)",
                "IMAGE_INCOMPLETE|Error: reading blob sha256:d505: Error fetching blob: invalid status code from registry 404 (Not Found)",
                "REGISTRY_CERTIFICATE|Error: Get \"https://127.0.0.1:1/v2/\": http: server gave HTTP response to HTTPS client",
                "REGISTRY_CERTIFICATE|Error: Get \"https://h/v2/\": x509: certificate signed by unknown authority",
                "IMAGE_MALFORMED|Error: Digest did not match, expected sha256:0, got sha256:1",
                "IMAGE_WRONG_PLATFORM|Error: choosing an image from manifest list docker://h/n:1: no image found in manifest list for architecture arm64, variant \"\", OS linux",
                "SIGNATURE_REFUSED|Error: Source image rejected: Running image docker://h/n:1 is rejected by policy.",
                "STORE_FULL|Error: writing blob: adding layer with blob \"sha256:0\": Error processing tar file(exit status 1): write /app: no space left on device",
                "TOOL_FAILED|Error: something that nobody has seen before",
            })
    void eachTextMeansOneError(ImageError error, String text) {
        assertThat(failed(text).error()).isEqualTo(error);
    }

    @Test
    void theReasonIsTheLineThatSaysIt() {
        ImageException failure =
                failed("Trying to pull a...\ntime=\"x\" level=warning msg=\"retrying\"\nError: manifest unknown\n");

        assertThat(failure).hasMessage("cannot pull a: manifest unknown");
        assertThat(failure.hint()).isNotBlank();
    }

    @Test
    void withoutWordsTheEndIsTold() {
        assertThat(failed("")).hasMessageContaining("exited with status 125");
    }

    @Test
    void anEndByOurselvesIsNotAFailureOfTheTool() {
        ToolResult cancelled = new ToolResult(new Termination.Cancelled(), new byte[0], "Error: signal: terminated");
        ToolResult late = new ToolResult(new Termination.TimedOut(), new byte[0], "");

        assertThat(ToolFailures.of("podman", "pull a", cancelled, Optional.empty())
                        .error())
                .isEqualTo(ImageError.CANCELLED);
        assertThat(ToolFailures.of("podman", "pull a", late, Optional.empty()).error())
                .isEqualTo(ImageError.TIMED_OUT);
    }
}
