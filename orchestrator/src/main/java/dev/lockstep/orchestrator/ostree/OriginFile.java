package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * ostree's key file beside a deployment ({@code CHECKSUM.SERIAL.origin}). ostree itself reads {@code refspec} of its section {@code origin};
 * where an image-based deployment came from and which transaction made it is kept in a section {@code lockstep}.
 */
final class OriginFile {

    private OriginFile() {}

    /** Reads a file; one that is missing tells nothing. */
    static Deployment.Origin read(Path file) throws IOException {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return new Deployment.Origin(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    static Deployment.Origin parse(String text) {
        Map<String, String> values = new HashMap<>();
        String section = "";
        for (String line : text.split("\n")) {
            String plain = line.strip();
            int equals = plain.indexOf('=');
            if (plain.startsWith("[") && plain.endsWith("]")) {
                section = plain.substring(1, plain.length() - 1);
            } else if (equals > 0 && !plain.startsWith("#")) {
                values.put(
                        section + "/" + plain.substring(0, equals).strip(),
                        plain.substring(equals + 1).strip());
            }
        }
        Optional<String> source = Optional.ofNullable(values.get("lockstep/target"))
                .or(() -> Optional.ofNullable(values.get("origin/container-image-reference")))
                .or(() -> Optional.ofNullable(values.get("origin/refspec")));
        return new Deployment.Origin(
                source,
                Optional.ofNullable(values.get("lockstep/digest")),
                Optional.ofNullable(values.get("lockstep/transaction")));
    }

    static String text(String refspec, Deployment.Origin origin) {
        StringBuilder text =
                new StringBuilder("[origin]\nrefspec=").append(refspec).append("\n\n[lockstep]\n");
        origin.source().ifPresent(value -> text.append("target=").append(value).append('\n'));
        origin.digest().ifPresent(value -> text.append("digest=").append(value).append('\n'));
        origin.transaction()
                .ifPresent(value -> text.append("transaction=").append(value).append('\n'));
        return text.toString();
    }
}
