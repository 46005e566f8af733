package dev.lockstep.podman;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * An OCI directory as a registry of this host ({@code distribution-spec} 1.0, what podman and skopeo use of it). So what is pulled from it and
 * pushed to it goes the road of any other image: names, digests, lists, policy. It listens on 127.0.0.1 and a free port; images are below a
 * random path, which only those know who may read our files. Content is asked for by digest alone, and all of it is one repository.
 */
public final class LoopbackRegistry implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int SECRET_BYTES = 16;
    private static final String MANIFESTS = "manifests/";
    private static final String BLOBS = "blobs/";
    private static final String UPLOADS = "blobs/uploads/";

    private final OciBlobs blobs;
    private final Optional<BlobUploads> uploads;
    private final ServerSocket listener;
    private final String name;
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private LoopbackRegistry(OciBlobs blobs, Optional<BlobUploads> uploads) throws ImageException {
        this.blobs = blobs;
        this.uploads = uploads;
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        this.name = HexFormat.of().formatHex(secret) + "/image";
        try {
            this.listener = new ServerSocket(0, 0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.OCI_UNUSABLE,
                    "a directory's images cannot be offered on 127.0.0.1: " + e.getMessage(),
                    "see whether the host's loopback device is up",
                    e);
        }
        Thread.ofPlatform().daemon().name("loopback-registry").start(this::accept);
    }

    /** Offers the images of a directory. */
    public static LoopbackRegistry offering(OciImages images) throws ImageException {
        return new LoopbackRegistry(images.blobs(), Optional.empty());
    }

    /** Takes images as well. */
    static LoopbackRegistry taking(OciBlobs blobs, BlobUploads uploads) throws ImageException {
        return new LoopbackRegistry(blobs, Optional.of(uploads));
    }

    /** {@code 127.0.0.1:PORT/PATH}, the name of its repository. */
    public String repository() {
        return "127.0.0.1:" + listener.getLocalPort() + "/" + name;
    }

    /** Where its blobs lie. */
    Path directory() {
        return blobs.directory();
    }

    /** Bytes that were pushed to it so far. */
    long received() {
        return uploads.map(BlobUploads::received).orElse(0L);
    }

    /** What was wrong with those blobs of an image that somebody has read. */
    List<String> faults(ResolvedImage image) {
        List<String> found = new ArrayList<>();
        Stream.concat(Stream.of(image.configDigest()), image.layers().stream().map(ResolvedImage.Blob::digest))
                .distinct()
                .forEach(digest -> Optional.ofNullable(faults.get(digest)).ifPresent(found::add));
        return found;
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofPlatform().daemon().name("loopback-connection").start(() -> serve(socket));
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
                // A program that is not let in says so itself.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
                OutputStream out = socket.getOutputStream()) {
            socket.setTcpNoDelay(true);
            Optional<HttpRequest> request = HttpRequest.read(in);
            while (request.isPresent()) {
                answer(request.get(), in, out);
                request = HttpRequest.read(in);
            }
        } catch (IOException e) {
            // The program at the other end tells that its connection broke; why a file could not be used is noted where
            // that happened.
            return;
        } finally {
            connections.remove(socket);
        }
    }

    private void answer(HttpRequest request, InputStream in, OutputStream out) throws IOException {
        String own = "/v2/" + name + "/";
        String what = request.path().startsWith(own) ? request.path().substring(own.length()) : "";
        if (uploads.isPresent() && what.startsWith(UPLOADS)) {
            receive(request, uploads.get(), what.substring(UPLOADS.length()), in, out);
        } else if (uploads.isPresent()
                && what.startsWith(MANIFESTS)
                && request.method().equals("PUT")) {
            BlobUploads taken = uploads.get();
            String upload = taken.begin();
            append(request, taken, upload, in);
            complete(taken, upload, what.substring(MANIFESTS.length()), out);
        } else {
            request.copyBody(in, OutputStream.nullOutputStream());
            offer(request, what, out);
        }
    }

    private void offer(HttpRequest request, String what, OutputStream out) throws IOException {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        boolean whole = request.method().equals("GET");
        if (reads && request.path().equals("/v2/")) {
            HttpAnswer.of("200 OK").write(out, 0);
        } else if (reads && what.startsWith(MANIFESTS) && has(what.substring(MANIFESTS.length()))) {
            String digest = what.substring(MANIFESTS.length());
            byte[] content = blobs.manifest(digest);
            new HttpAnswer(
                            "200 OK",
                            Map.of("Content-Type", Manifest.mediaType(content), "Docker-Content-Digest", digest))
                    .write(out, content.length);
            out.write(content, 0, whole ? content.length : 0);
        } else if (reads && what.startsWith(BLOBS) && has(what.substring(BLOBS.length()))) {
            String digest = what.substring(BLOBS.length());
            long size = Files.size(blobs.file(digest));
            new HttpAnswer("200 OK", Map.of("Content-Type", "application/octet-stream")).write(out, size);
            if (whole) {
                send(digest, size, out);
            }
        } else {
            HttpAnswer.of("404 Not Found").write(out, 0);
        }
    }

    private boolean has(String digest) {
        return Digests.isDigest(digest) && blobs.has(digest);
    }

    /** Who reads it checks the digest as well, but cannot tell a bad file from a bad medium. */
    private void send(String digest, long size, OutputStream out) throws IOException {
        long left = size;
        MessageDigest algorithm = Digests.algorithm();
        byte[] buffer = new byte[BUFFER];
        try (InputStream content = blobs.open(digest)) {
            for (int count = read(content, buffer, digest); count >= 0; count = read(content, buffer, digest)) {
                algorithm.update(buffer, 0, count);
                left -= count;
                // Before the reader has all of it, and may say what became of it.
                if (left == 0 && !Digests.text(algorithm.digest()).equals(digest)) {
                    faults.put(digest, "the content of its blob " + digest + " is not what its digest says");
                }
                out.write(buffer, 0, count);
            }
        }
    }

    private int read(InputStream content, byte[] buffer, String digest) throws IOException {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            faults.put(digest, "its blob " + digest + " cannot be read: " + e.getMessage());
            throw e;
        }
    }

    /** A blob comes as POST, PATCH and PUT; the last one names its digest. */
    private void receive(HttpRequest request, BlobUploads taken, String upload, InputStream in, OutputStream out)
            throws IOException {
        String current = request.method().equals("POST") ? taken.begin() : upload;
        append(request, taken, current, in);
        if (request.method().equals("PUT")) {
            complete(taken, current, request.query().getOrDefault("digest", ""), out);
            return;
        }
        new HttpAnswer("202 Accepted", Map.of("Location", "/v2/" + name + "/" + UPLOADS + current)).write(out, 0);
    }

    private static void append(HttpRequest request, BlobUploads taken, String upload, InputStream in)
            throws IOException {
        try (OutputStream content = taken.open(upload)) {
            request.copyBody(in, content);
        }
    }

    private static void complete(BlobUploads taken, String upload, String digest, OutputStream out) throws IOException {
        boolean right = Digests.isDigest(digest) && taken.complete(upload, digest);
        (right
                        ? new HttpAnswer("201 Created", Map.of("Docker-Content-Digest", digest))
                        : HttpAnswer.of("400 Bad Request"))
                .write(out, 0);
    }

    @Override
    public void close() {
        connections.forEach(LoopbackRegistry::close);
        close(listener);
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The kernel takes it back in any case; nothing is written that could be lost.
            return;
        }
    }
}
