package dev.lockstep.podman;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests in the form {@code sha256:} and 64 hexadecimal digits. */
final class Digests {
    private static final String PATTERN = "sha256:[0-9a-f]{64}";

    private Digests() {}

    static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String sha256(byte[] bytes) {
        return text(algorithm().digest(bytes));
    }

    static String text(byte[] digest) {
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    static boolean isDigest(String text) {
        return text.matches(PATTERN);
    }

    static String hex(String digest) {
        return digest.substring(digest.indexOf(':') + 1);
    }
}
