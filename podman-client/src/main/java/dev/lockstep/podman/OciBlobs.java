package dev.lockstep.podman;

import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** The files of an OCI directory that hold content, each named after its digest. */
final class OciBlobs {
    /** Larger manifests no registry and no podman takes. */
    private static final long LARGEST_MANIFEST = 4 << 20;

    private static final int BUFFER = 1 << 16;

    private final Path directory;

    /**
     * Of a directory.
     *
     * @param layout the directory that holds {@code blobs/sha256}
     */
    OciBlobs(Path layout) {
        this.directory = layout.resolve("blobs/sha256");
    }

    Path directory() {
        return directory;
    }

    /** The file of a digest, whether or not it is there. */
    Path file(String digest) {
        if (!Digests.isDigest(digest)) {
            throw new IllegalArgumentException("'" + digest + "' is no sha256 digest");
        }
        return directory.resolve(Digests.hex(digest));
    }

    /** A plain file: a link of a foreign medium could lead anywhere. */
    boolean has(String digest) {
        return Files.isRegularFile(file(digest), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether the file is there and its content is what its name says. */
    boolean isWhole(String digest) throws IOException {
        return has(digest) && digestOf(file(digest)).equals(digest);
    }

    InputStream open(String digest) throws IOException {
        return Files.newInputStream(file(digest), LinkOption.NOFOLLOW_LINKS);
    }

    /** The content of a manifest. Whether it has that digest is not looked at. */
    byte[] manifest(String digest) throws IOException {
        if (Files.size(file(digest)) > LARGEST_MANIFEST) {
            throw new IOException(file(digest) + " is too large for a manifest");
        }
        try (InputStream in = open(digest)) {
            return in.readAllBytes();
        }
    }

    /**
     * Makes a temporary file of the same file system a blob, durably.
     *
     * @return false when its content is something else; then it is removed
     */
    boolean place(Path temporary, String digest) throws IOException {
        if (!digestOf(temporary).equals(digest)) {
            DurableFiles.delete("oci-blob", temporary);
            return false;
        }
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        DurableFiles.rename("oci-blob", temporary, file(digest));
        return true;
    }

    /** Writes a small blob, durably. */
    void write(byte[] content, String digest) throws IOException {
        DurableFiles.write("oci-blob", file(digest), content);
    }

    private static String digestOf(Path file) throws IOException {
        MessageDigest algorithm = Digests.algorithm();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                algorithm.update(buffer, 0, count);
            }
        }
        return Digests.text(algorithm.digest());
    }
}
