package dev.lockstep.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        Bytes read = read(path);
        findings.tell(read.problem().stream().toList());
        return read.content();
    }

    /** A file's bytes, or why they cannot be had. */
    private record Bytes(Optional<byte[]> content, Optional<Problem> problem) {
        static Bytes unreadable(String path, ProblemCode code, String message) {
            return new Bytes(
                    Optional.empty(),
                    Optional.of(Problem.error(
                            code, Place.of(path), message, "put a regular file there, or remove what refers to it")));
        }
    }

    private Bytes read(String path) {
        try {
            Optional<byte[]> bytes = root.read(path, LIMIT);
            return bytes.isEmpty()
                    ? Bytes.unreadable(path, ProblemCode.FILE_UNREADABLE, "leads to nothing")
                    : new Bytes(bytes, Optional.empty());
        } catch (UnreadableException e) {
            boolean large = e.reason() == UnreadableException.Reason.TOO_LARGE;
            return Bytes.unreadable(
                    path, large ? ProblemCode.FILE_TOO_LARGE : ProblemCode.FILE_UNREADABLE, Findings.words(e));
        } catch (IOException e) {
            return Bytes.unreadable(path, ProblemCode.FILE_UNREADABLE, "cannot be read: " + Findings.words(e));
        }
    }

    /** A unit file, or why Quadlet rejects it: exactly one of the two is there. */
    record Content(Optional<UnitFile> unit, List<Problem> problems) {}

    /**
     * Reads a unit file or a drop-in. A link to {@code /dev/null}, which a root that no kernel runs need not have, is an empty file. Bytes that
     * are not UTF-8 become U+FFFD.
     */
    Content content(String path) {
        Bytes read = read(path);
        if (read.content().isEmpty()) {
            return isMask(path)
                    ? new Content(Optional.of(new UnitFile(List.of())), List.of())
                    : new Content(Optional.empty(), List.of(read.problem().orElseThrow()));
        }
        String text = new String(read.content().get(), StandardCharsets.UTF_8);
        return switch (UnitFile.parse(path, text)) {
            case UnitFile.Good good -> new Content(Optional.of(good.unit()), List.of());
            case UnitFile.Malformed malformed ->
                new Content(
                        Optional.empty(),
                        List.of(Problem.error(
                                ProblemCode.QUADLET_SYNTAX,
                                Place.of(path, malformed.line()),
                                "the line " + malformed.message(),
                                "mend the line: Quadlet drops every unit of this directory because of it")));
        };
    }

    private boolean isMask(String path) {
        try {
            return Masks.isMasked(root, path);
        } catch (IOException e) {
            // What is no mask either is told by the one who asked.
            return false;
        }
    }
}
