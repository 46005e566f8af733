package dev.lockstep.podman;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as podman and skopeo send it (RFC 9112).
 *
 * @param method in capitals
 * @param path without the query
 * @param query parameters, decoded
 * @param headers names in lower case
 */
record HttpRequest(String method, String path, Map<String, String> query, Map<String, String> headers) {
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int LONGEST_LINE = 8192;
    private static final int MOST_HEADERS = 100;
    private static final int BUFFER = 1 << 16;

    /**
     * Reads one.
     *
     * @return empty at the end of the connection, and when the other side tries TLS first, as it does with any registry
     */
    static Optional<HttpRequest> read(BufferedInputStream in) throws IOException {
        in.mark(1);
        int first = in.read();
        if (first < 0 || first == TLS_HANDSHAKE) {
            return Optional.empty();
        }
        in.reset();
        String[] words = line(in).split(" ");
        if (words.length != 3) {
            throw new IOException("it is no HTTP request");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 0 || headers.size() > MOST_HEADERS) {
                throw new IOException("it has no HTTP headers");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int mark = words[1].indexOf('?');
        String path = mark < 0 ? words[1] : words[1].substring(0, mark);
        return Optional.of(new HttpRequest(
                words[0], path, query(mark < 0 ? "" : words[1].substring(mark + 1)), Map.copyOf(headers)));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        for (String pair : text.split("&")) {
            int sign = pair.indexOf('=');
            if (sign > 0) {
                query.put(pair.substring(0, sign), URLDecoder.decode(pair.substring(sign + 1), StandardCharsets.UTF_8));
            }
        }
        return Map.copyOf(query);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended within a line");
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a line is longer than " + LONGEST_LINE + " characters");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /**
     * Copies the body, which must be read before the next request.
     *
     * @throws IOException when the connection ends within it, or it cannot be written
     */
    void copyBody(InputStream in, OutputStream out) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            for (long size = chunk(in); size > 0; size = chunk(in)) {
                copy(in, out, size);
                line(in);
            }
            skipTrailers(in);
            return;
        }
        copy(in, out, number(headers.getOrDefault("content-length", "0"), 10));
    }

    /** They say nothing that is wanted. */
    private static void skipTrailers(InputStream in) throws IOException {
        String trailer = line(in);
        while (!trailer.isEmpty()) {
            trailer = line(in);
        }
    }

    private static long chunk(InputStream in) throws IOException {
        return number(line(in).split(";", 2)[0].strip(), 16);
    }

    private static long number(String text, int radix) throws IOException {
        try {
            return Long.parseUnsignedLong(text, radix);
        } catch (NumberFormatException e) {
            throw new IOException("'" + text + "' is no length", e);
        }
    }

    private static void copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = size;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("the connection ended " + left + " bytes early");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }
}
