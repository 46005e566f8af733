package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The gate's last verdict, kept for the next boot, which can tell by it why a deployment did not become bootable. Nothing is decided by it.
 *
 * @param time when
 * @param bootId in which boot, empty when that could not be read
 * @param deployment {@code STATEROOT/CHECKSUM.SERIAL} of what was staged, empty when nothing was or it could not be read
 * @param code {@link Verdict#code}
 * @param sentence {@link Verdict#sentence}
 */
public record VerdictFile(Instant time, String bootId, Optional<String> deployment, String code, String sentence) {
    /** Where the booted host has it. */
    public static final String PLACE = "/var/lib/lockstep/gate-verdict";

    private static final String SCHEMA = "dev.lockstep.gate-verdict/v1";
    private static final Set<String> HARMLESS = Set.of("NOTHING_STAGED", "LET_THROUGH");
    private static final List<String> KEYS = List.of("time", "boot", "deployment", "code", "sentence");

    /** Whether something was staged and did not become bootable. */
    public boolean refused() {
        return !HARMLESS.contains(code);
    }

    /** Whether nothing was staged. */
    public boolean foundNothing() {
        return code.equals(new Verdict.NothingStaged().code());
    }

    /** The file's content. */
    public byte[] encode() {
        return new LineFile.Writer(SCHEMA)
                .line("time", time.toString())
                .line("boot", bootId)
                .line("deployment", deployment.orElse(""))
                .line("code", code)
                .line("sentence", sentence)
                .bytes();
    }

    /**
     * Reads a file's content.
     *
     * @throws LineFileException when it is not what {@link #encode} writes, with the line
     */
    public static VerdictFile parse(byte[] content) throws LineFileException {
        List<LineFile.Line> lines = LineFile.parse(SCHEMA, content);
        for (int index = 0; index < KEYS.size(); index++) {
            if (lines.size() <= index || !lines.get(index).key().equals(KEYS.get(index))) {
                throw new LineFileException(index + 2, "'" + KEYS.get(index) + "' should be here");
            }
            lines.get(index).words(1);
        }
        if (lines.size() > KEYS.size()) {
            throw lines.get(KEYS.size()).wrong("the end should be here");
        }
        try {
            String deployment = lines.get(2).words().get(0);
            return new VerdictFile(
                    Instant.parse(lines.get(0).words().get(0)),
                    lines.get(1).words().get(0),
                    deployment.isEmpty() ? Optional.empty() : Optional.of(deployment),
                    lines.get(3).words().get(0),
                    lines.get(4).words().get(0));
        } catch (DateTimeException e) {
            throw lines.get(0).wrong("not a time: " + lines.get(0).words().get(0));
        }
    }

    /**
     * Reads the last verdict; empty when there is none.
     *
     * @throws IOException when it is there and cannot be read
     */
    public static Optional<VerdictFile> read(Path file) throws IOException {
        try {
            return Optional.of(parse(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Replaces the file, whole and durably: a temporary file beside it is written, fsynced, renamed over it, and the directory is fsynced.
     * After a failure the former verdict, or this one, is there.
     */
    public void write(Path file) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        Path temporary = file.resolveSibling("." + file.getFileName() + ".lockstep-tmp");
        try (FileChannel channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer content = ByteBuffer.wrap(encode());
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
