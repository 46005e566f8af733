package dev.lockstep.orchestrator.gate;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Paths and their bytes, whatever the locale of the process: a service that systemd starts without one could otherwise neither name nor
 * compare a file whose name is not ASCII. The URI of a path keeps its bytes.
 */
final class RawPath {
    private RawPath() {}

    /** What lies in a directory under a name, which counts as UTF-8. The name may have several components, and a slash before them. */
    static Path child(Path directory, String name) {
        String relative = name.startsWith("/") ? name.substring(1) : name;
        if (isAscii(relative)) {
            return directory.resolve(relative);
        }
        Path absolute = Path.of(URI.create("file:///" + escaped(relative)));
        return directory.resolve(Path.of("/").relativize(absolute));
    }

    /** Nearly every name: then any locale will do, and the gate has no time to lose. */
    private static boolean isAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String name) {
        StringBuilder escaped = new StringBuilder();
        for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (unit >= '0' && unit <= '9') || (unit >= 'a' && unit <= 'z') || unit == '/' || unit == '.';
            if (plain) {
                escaped.append((char) unit);
            } else {
                escaped.append('%').append(HexFormat.of().toHexDigits(unit));
            }
        }
        return escaped.toString();
    }

    /** A path as text; one that is not UTF-8 keeps its bytes in percent signs. */
    static String text(Path path) {
        // What a locale cannot tell is a character that is not ASCII.
        if (isAscii(path.toString())) {
            return path.toString();
        }
        String raw = Path.of("/").resolve(path).toUri().getRawPath();
        // The URI of what leads to a directory ends with a slash, and that of a relative path begins with one.
        String ended = raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        String exact = path.isAbsolute() ? ended : ended.substring(1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes(exact)))
                    .toString();
        } catch (CharacterCodingException e) {
            return exact;
        }
    }

    private static byte[] bytes(String raw) {
        byte[] bytes = new byte[raw.length()];
        int count = 0;
        for (int at = 0; at < raw.length(); at++) {
            if (raw.charAt(at) == '%') {
                bytes[count++] = (byte) HexFormat.fromHexDigits(raw, at + 1, at + 3);
                at += 2;
            } else {
                bytes[count++] = (byte) raw.charAt(at);
            }
        }
        return java.util.Arrays.copyOf(bytes, count);
    }
}
