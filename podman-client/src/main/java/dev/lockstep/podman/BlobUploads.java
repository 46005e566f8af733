package dev.lockstep.podman;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Blobs that are being pushed into an OCI directory: each a file beside the others until it is complete. By several threads at once. */
final class BlobUploads {
    private final OciBlobs blobs;
    private final Path directory;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicReference<Optional<IOException>> failure = new AtomicReference<>(Optional.empty());

    /**
     * Into a directory.
     *
     * @param directory holds what is not complete; on the same file system
     */
    BlobUploads(OciBlobs blobs, Path directory) {
        this.blobs = blobs;
        this.directory = directory;
    }

    /** Begins one and returns its name. */
    String begin() {
        return String.valueOf(begun.incrementAndGet());
    }

    /** What is written there is added to an upload. */
    OutputStream open(String name) throws IOException {
        return new Noting(Files.newOutputStream(
                file(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    /**
     * Ends an upload.
     *
     * @return whether its content is what the digest says; then it is a blob, on the medium, and else it is gone
     */
    boolean complete(String name, String digest) throws IOException {
        try {
            return blobs.place(file(name), digest);
        } catch (IOException e) {
            throw noted(e);
        }
    }

    private Path file(String name) throws IOException {
        if (!name.matches("[0-9]{1,18}") || Long.parseLong(name) > begun.get()) {
            throw new IOException("there is no upload '" + name + "'");
        }
        return directory.resolve(name);
    }

    /** Bytes that came so far. */
    long received() {
        return received.get();
    }

    /** Why something could not be written. */
    Optional<IOException> failure() {
        return failure.get();
    }

    private IOException noted(IOException problem) {
        failure.set(Optional.of(problem));
        return problem;
    }

    private final class Noting extends FilterOutputStream {
        Noting(OutputStream file) {
            super(file);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw noted(e);
            }
            received.addAndGet(length);
        }
    }
}
