package dev.lockstep.orchestrator;

import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Copies of the binding records of committed deployments in the physical sysroot, {@code CHECKSUM.SERIAL.json}: a factory reset empties
 * {@code /var}, and which digests a deployment's references meant can be asked of nobody else.
 */
final class RecordCopies {
    private static final String SUFFIX = ".json";

    private final Path directory;

    RecordCopies(Path directory) {
        this.directory = directory;
    }

    /** Keeps a copy; when this returns, it is on the medium. */
    void write(BindingRecord record) throws LockstepException {
        if (record.checksum().isEmpty() || record.serial().isEmpty()) {
            throw new IllegalArgumentException("a record that names no deployment is not copied");
        }
        Path file = file(record.checksum().get() + "." + record.serial().getAsInt());
        try {
            Files.createDirectories(directory);
            DurableFiles.write("record-copy", file, BindingRecordCodec.write(record));
        } catch (IOException e) {
            throw Failures.sysroot("write", file, e);
        }
    }

    /** The copy for a deployment; empty when there is none, or when it cannot be read, which is then told. */
    Optional<BindingRecord> read(Deployment deployment, Progress progress) {
        Path file = file(deployment.id());
        try {
            return Optional.of(BindingRecordCodec.read(Files.readAllBytes(file)))
                    .filter(record -> record.isFor(deployment));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            progress.warning("the copy of a binding record, " + file + ", is unreadable: " + Failures.reason(e));
            return Optional.empty();
        }
    }

    /** Removes the copies for deployments that are gone. */
    void keepOnly(List<Deployment> deployments, Optional<BindingRecord> open) throws LockstepException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Set<String> kept =
                deployments.stream().map(deployment -> deployment.id() + SUFFIX).collect(Collectors.toSet());
        open.filter(record -> record.checksum().isPresent() && record.serial().isPresent())
                .ifPresent(record ->
                        kept.add(record.checksum().get() + "." + record.serial().getAsInt() + SUFFIX));
        try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                if (!kept.contains(String.valueOf(file.getFileName()))) {
                    DurableFiles.delete("record-copy", file);
                }
            }
        } catch (IOException e) {
            throw Failures.sysroot("clean up", directory, e);
        }
    }

    private Path file(String deployment) {
        return directory.resolve(deployment + SUFFIX);
    }
}
