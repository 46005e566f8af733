package dev.lockstep.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the text of a root's unit files and TOML files, and tells what stands against it. */
final class QuadletFiles {
    /** The most that is read of one file, in bytes. */
    static final long LIMIT = 1L << 20;

    private final RootTree root;
    private final Findings findings;

    QuadletFiles(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
    }

    /** A file's bytes; empty when they cannot be had, which is then told. */
    Optional<byte[]> bytes(String path) {
        try {
            Optional<byte[]> bytes = root.read(path, LIMIT);
            if (bytes.isEmpty()) {
                unreadable(path, ProblemCode.FILE_UNREADABLE, "leads to nothing");
            }
            return bytes;
        } catch (UnreadableException e) {
            boolean large = e.reason() == UnreadableException.Reason.TOO_LARGE;
            unreadable(path, large ? ProblemCode.FILE_TOO_LARGE : ProblemCode.FILE_UNREADABLE, Findings.words(e));
            return Optional.empty();
        } catch (IOException e) {
            unreadable(path, ProblemCode.FILE_UNREADABLE, "cannot be read: " + Findings.words(e));
            return Optional.empty();
        }
    }

    /** A unit file; empty when Quadlet would reject it, which is then told. Bytes that are not UTF-8 become U+FFFD. */
    Optional<UnitFile> unit(String path) {
        return bytes(path).flatMap(bytes -> switch (UnitFile.parse(new String(bytes, StandardCharsets.UTF_8))) {
            case UnitFile.Good good -> Optional.of(good.unit());
            case UnitFile.Malformed malformed -> {
                findings.error(
                        ProblemCode.QUADLET_SYNTAX,
                        Place.of(path, malformed.line()),
                        "the line " + malformed.message(),
                        "mend the line: Quadlet drops every unit of this directory because of it");
                yield Optional.empty();
            }
        });
    }

    private void unreadable(String path, ProblemCode code, String message) {
        findings.error(code, Place.of(path), message, "put a regular file there, or remove what refers to it");
    }
}
