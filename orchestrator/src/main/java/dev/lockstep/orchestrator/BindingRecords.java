package dev.lockstep.orchestrator;

import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The binding records of a host, {@code bindings/TRANSACTION.json}, each replaced as a whole and durable. */
final class BindingRecords {
    private static final String SUFFIX = ".json";
    private static final long LARGEST = 64L << 20;

    private final Path directory;

    BindingRecords(Path directory) {
        this.directory = directory;
    }

    /**
     * What the directory holds.
     *
     * @param records oldest first
     * @param broken files that are not records, with what is wrong with them
     */
    record Loaded(List<BindingRecord> records, Map<Path, String> broken) {}

    /** Reads all; a file that is not a record is a value in the result, not a failure. */
    Loaded load() throws LockstepException {
        List<BindingRecord> records = new ArrayList<>();
        Map<Path, String> broken = new LinkedHashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                try {
                    BindingRecord record = read(file);
                    if (file.equals(path(record.transaction()))) {
                        records.add(record);
                    } else {
                        broken.put(file, "it holds the record of another transaction");
                    }
                } catch (IOException e) {
                    broken.put(file, Failures.reason(e));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Loaded(List.of(), Map.of());
        } catch (IOException e) {
            throw Failures.state("list", directory, e);
        }
        records.sort(Comparator.comparing(BindingRecord::began).thenComparing(BindingRecord::transaction));
        return new Loaded(records, broken);
    }

    private static BindingRecord read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("it is larger than any record");
        }
        return BindingRecordCodec.read(Files.readAllBytes(file));
    }

    /** Writes a record; when this returns, it is on the medium. After a failure the former one still is. */
    void write(BindingRecord record) throws LockstepException {
        Path file = path(record.transaction());
        try {
            Files.createDirectories(directory);
            DurableFiles.write("binding", file, BindingRecordCodec.write(record));
        } catch (IOException e) {
            throw Failures.state("write", file, e);
        }
    }

    /** Removes a record. */
    void delete(BindingRecord record) throws LockstepException {
        Path file = path(record.transaction());
        try {
            DurableFiles.delete("binding", file);
        } catch (IOException e) {
            throw Failures.state("remove", file, e);
        }
    }

    /** Keeps a file that is not a record under another name, so that nothing is lost, and returns that name. */
    Path setAside(Path broken) throws LockstepException {
        try {
            Path aside = broken.resolveSibling(broken.getFileName() + ".broken");
            for (int number = 2; Files.exists(aside); number++) {
                aside = broken.resolveSibling(broken.getFileName() + ".broken." + number);
            }
            DurableFiles.rename("binding-broken", broken, aside);
            return aside;
        } catch (IOException e) {
            throw Failures.state("set aside", broken, e);
        }
    }

    private Path path(String transaction) {
        return directory.resolve(transaction + SUFFIX);
    }
}
