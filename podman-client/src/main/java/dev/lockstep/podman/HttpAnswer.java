package dev.lockstep.podman;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The head of an answer (RFC 9112). */
record HttpAnswer(String status, Map<String, String> headers) {
    static HttpAnswer of(String status) {
        return new HttpAnswer(status, Map.of());
    }

    void write(OutputStream out, long length) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(length).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
