package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Recomputes the digest of a layer's tar stream from what lies on disk: {@code tar-split} keeps the raw bytes of the stream between the
 * files' contents ({@code vbatts/tar-split}, {@code tar/storage}), the contents are read from the layer's directory. Any file that is
 * truncated, zeroed, changed or gone changes the digest; added files and changed modes are not noticed.
 */
final class LayerContent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FILE_ENTRY = 1;
    private static final int RAW_BYTES = 2;
    private static final int CHUNK = 1 << 20;

    private LayerContent() {}

    /** What is wrong with a layer's content, in words. */
    static Optional<String> check(StoredLayer layer, Path tarSplit, Path diff) {
        try {
            String digest = digest(tarSplit, diff);
            return digest.equals(layer.diffDigest())
                    ? Optional.empty()
                    : Optional.of("the files of the layer " + layer.id() + " are not what its digest says");
        } catch (IOException e) {
            return Optional.of("the layer " + layer.id() + ": " + e.getMessage());
        }
    }

    private static String digest(Path tarSplit, Path diff) throws IOException {
        MessageDigest digest = Digests.algorithm();
        byte[] chunk = new byte[CHUNK];
        try (InputStream stream =
                        new GZIPInputStream(Files.newInputStream(tarSplit, LinkOption.NOFOLLOW_LINKS), 1 << 16);
                MappingIterator<JsonNode> entries =
                        JSON.readerFor(JsonNode.class).readValues(stream)) {
            while (entries.hasNextValue()) {
                JsonNode entry = entries.nextValue();
                switch (entry.path("type").asInt()) {
                    case RAW_BYTES ->
                        digest.update(
                                Base64.getDecoder().decode(entry.path("payload").asText()));
                    case FILE_ENTRY -> addFile(entry, diff, digest, chunk);
                    default -> throw new IOException("its list of files has an entry of an unknown type");
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("its list of files is broken: " + e.getMessage(), e);
        }
        return Digests.text(digest.digest());
    }

    private static void addFile(JsonNode entry, Path diff, MessageDigest digest, byte[] chunk) throws IOException {
        long size = entry.path("size").asLong();
        if (size <= 0) {
            return;
        }
        String name = entry.hasNonNull("name_raw")
                ? new String(Base64.getDecoder().decode(entry.path("name_raw").asText()), StandardCharsets.UTF_8)
                : entry.path("name").asText();
        Path file = inside(diff, name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long left = size;
            while (left > 0) {
                int count = channel.read(ByteBuffer.wrap(chunk, 0, (int) Math.min(left, CHUNK)));
                if (count < 0) {
                    throw new IOException("its file " + name + " is too short");
                }
                digest.update(chunk, 0, count);
                left -= count;
            }
            if (channel.size() != size) {
                throw new IOException("its file " + name + " is too long");
            }
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("its file " + name + " is gone", e);
        }
    }

    /** The path of a regular file below the layer's directory that no link or special file stands in for. */
    private static Path inside(Path diff, String name) throws IOException {
        Path relative = Path.of("/").resolve(name).normalize();
        Path file = diff;
        for (Path part : List.copyOf(java.util.stream.StreamSupport.stream(relative.spliterator(), false)
                .toList())) {
            if (Files.isSymbolicLink(file)) {
                throw new IOException("a link stands in for a directory of its file " + name);
            }
            file = file.resolve(part);
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("its file " + name + " is gone");
        }
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new IOException("its file " + name + " is not a file any more");
        }
        return file;
    }
}
