package dev.lockstep.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP proxy of ours in front of a real registry: it can be slow, and it can be at fault in every way in which registries and networks are.
 * It passes requests without a body (GET and HEAD) and answers with a known length, as registries give them to who pulls.
 */
final class FaultProxy implements AutoCloseable {
    private static final int CHUNK = 16 << 10;
    private static final int TLS_HANDSHAKE = 22;
    private static final int LONGEST_HEAD = 64 << 10;
    private static final Map<Integer, String> REASONS = Map.of(
            401, "Unauthorized",
            404, "Not Found",
            408, "Request Timeout",
            429, "Too Many Requests",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private final String registry;
    private final long latencyMillis;
    private final long bytesPerSecond;
    private final ServerSocket listener;
    private final Map<Fault, AtomicInteger> faults = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicLong> sent = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private volatile boolean gone;

    private FaultProxy(String registry, long latencyMillis, long bytesPerSecond) throws IOException {
        this.registry = registry;
        this.latencyMillis = latencyMillis;
        this.bytesPerSecond = bytesPerSecond;
        this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy").start(this::listen);
    }

    /** In front of a registry, HOST:PORT, and as fast as it. */
    static FaultProxy before(String registry) {
        return slow(registry, 0, Long.MAX_VALUE);
    }

    /**
     * In front of a registry, behind a slow network.
     *
     * @param latencyMillis before each answer
     * @param bytesPerSecond of each connection
     */
    static FaultProxy slow(String registry, long latencyMillis, long bytesPerSecond) {
        try {
            return new FaultProxy(registry, latencyMillis, bytesPerSecond);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** HOST:PORT where it listens. */
    String host() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    FaultProxy with(Fault fault) {
        faults.put(fault, new AtomicInteger(fault.times()));
        return this;
    }

    /** From now on everything passes. */
    void heal() {
        faults.clear();
    }

    /** How often each path was asked for, and not answered with an error. */
    Map<String, Integer> asked() {
        Map<String, Integer> counts = new HashMap<>();
        asked.forEach((path, count) -> counts.put(path, count.get()));
        return counts;
    }

    /** Bytes of blobs that went out. */
    long blobBytes() {
        return sent.entrySet().stream()
                .filter(entry -> entry.getKey().contains("/blobs/"))
                .mapToLong(entry -> entry.getValue().get())
                .sum();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream requests = new BufferedInputStream(client.getInputStream());
            while (answer(requests, client)) {
                client.getOutputStream().flush();
            }
        } catch (IOException | InterruptedException e) {
            // The client sees it; a test looks at what the client makes of it.
        } finally {
            open.remove(client);
        }
    }

    /** Answers one request; false when the connection is not to be used again. */
    private boolean answer(InputStream requests, Socket client) throws IOException, InterruptedException {
        List<String> head = readHead(requests);
        if (head.isEmpty()) {
            return false;
        }
        String path = head.get(0).split(" ")[1];
        Thread.sleep(latencyMillis);
        Fault.Kind kind = faultOf(path);
        if (kind instanceof Fault.Kind.Status status) {
            refuse(client.getOutputStream(), status.code());
            return true;
        }
        int colon = registry.lastIndexOf(':');
        try (Socket upstream =
                new Socket(registry.substring(0, colon), Integer.parseInt(registry.substring(colon + 1)))) {
            upstream.getOutputStream().write(forwarded(head).getBytes(StandardCharsets.ISO_8859_1));
            InputStream answer = new BufferedInputStream(upstream.getInputStream());
            List<String> answered = readHead(answer);
            client.getOutputStream().write(returned(answered).getBytes(StandardCharsets.ISO_8859_1));
            long length = head.get(0).startsWith("HEAD ") ? 0 : lengthOf(answered);
            if (answered.get(0).contains(" 200 ")) {
                asked.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
            }
            return pass(answer, client, new Content(path, length, kind));
        }
    }

    /** What is to be passed, and the fault in it. */
    private record Content(String path, long length, Fault.Kind kind) {
        /** After how many bytes something happens. */
        long limit() {
            return switch (kind) {
                case Fault.Kind.None ignored -> length;
                case Fault.Kind.Status ignored -> length;
                case Fault.Kind.Corrupt ignored -> length;
                case Fault.Kind.Reset reset -> Math.min(length, reset.after());
                case Fault.Kind.Truncate truncate -> Math.min(length, truncate.after());
                case Fault.Kind.Stall stall -> Math.min(length, stall.after());
                case Fault.Kind.Vanish vanish -> Math.min(length, vanish.after());
            };
        }
    }

    private Fault.Kind faultOf(String path) {
        for (Map.Entry<Fault, AtomicInteger> entry : faults.entrySet()) {
            if (entry.getKey().path().matcher(path).find() && entry.getValue().getAndDecrement() > 0) {
                return entry.getKey().kind();
            }
        }
        return new Fault.Kind.None();
    }

    private boolean pass(InputStream from, Socket client, Content content) throws IOException, InterruptedException {
        OutputStream to = client.getOutputStream();
        byte[] buffer = new byte[CHUNK];
        AtomicLong count = sent.computeIfAbsent(content.path(), key -> new AtomicLong());
        long start = System.nanoTime();
        for (long done = 0; done < content.limit(); ) {
            int read = from.read(buffer, 0, (int) Math.min(CHUNK, content.limit() - done));
            if (read < 0) {
                throw new EOFException();
            }
            if (done == 0 && content.kind() instanceof Fault.Kind.Corrupt) {
                buffer[read / 2] ^= 1;
            }
            to.write(buffer, 0, read);
            done += read;
            count.addAndGet(read);
            long due = (long) (done * 1e9 / bytesPerSecond) - (System.nanoTime() - start);
            if (due > 0) {
                Thread.sleep(due / 1_000_000, (int) (due % 1_000_000));
            }
        }
        to.flush();
        return end(client, content.kind());
    }

    private boolean end(Socket client, Fault.Kind kind) throws IOException, InterruptedException {
        return switch (kind) {
            case Fault.Kind.None ignored -> true;
            case Fault.Kind.Status ignored -> true;
            case Fault.Kind.Corrupt ignored -> true;
            case Fault.Kind.Reset ignored -> {
                client.setSoLinger(true, 0);
                yield false;
            }
            case Fault.Kind.Truncate ignored -> false;
            case Fault.Kind.Stall ignored -> {
                while (!gone && client.getInputStream().read() >= 0) {
                    Thread.onSpinWait();
                }
                yield false;
            }
            case Fault.Kind.Vanish ignored -> {
                close();
                yield false;
            }
        };
    }

    /** With the body that registries, or the gateways before them, give. */
    private static void refuse(OutputStream to, int code) throws IOException {
        String reason = REASONS.getOrDefault(code, "Fault");
        boolean own = code < 500 && code != 408;
        String body = own
                ? "{\"errors\":[{\"code\":\"" + reason.toUpperCase(Locale.ROOT).replace(" ", "") + "\",\"message\":\""
                        + reason.toLowerCase(Locale.ROOT) + "\"}]}"
                : "<html><head><title>" + code + " " + reason + "</title></head></html>";
        String head = "HTTP/1.1 " + code + " " + reason + "\r\nDocker-Distribution-Api-Version: registry/2.0\r\n"
                + (code == 401 ? "WWW-Authenticate: Basic realm=\"x\"\r\n" : "")
                + "Content-Type: " + (own ? "application/json" : "text/html")
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        to.write((head + body).getBytes(StandardCharsets.ISO_8859_1));
        to.flush();
    }

    private String forwarded(List<String> head) {
        List<String> kept = new ArrayList<>();
        for (String line : head) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("host:")) {
                kept.add("Host: " + host());
            } else if (!lower.startsWith("connection:")) {
                kept.add(line);
            }
        }
        return String.join("\r\n", kept) + "\r\nConnection: close\r\n\r\n";
    }

    private static String returned(List<String> head) {
        return String.join(
                        "\r\n",
                        head.stream()
                                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("connection:"))
                                .toList())
                + "\r\n\r\n";
    }

    private static long lengthOf(List<String> head) throws IOException {
        for (String line : head) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Long.parseLong(line.substring("content-length:".length()).strip());
            }
        }
        throw new IOException("the registry's answer has no length: " + head);
    }

    /** The lines up to the empty one; none at the end of the stream. */
    private static List<String> readHead(InputStream from) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (head.size() < LONGEST_HEAD) {
            int next = from.read();
            // Who tries TLS first is turned away at once, as by a registry that has none.
            if (next < 0 || (next == TLS_HANDSHAKE && head.size() == 0)) {
                return List.of();
            }
            head.write(next);
            String text = next == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
            if (text.endsWith("\r\n\r\n")) {
                return List.of(text.strip().split("\r\n"));
            }
        }
        throw new IOException("a head without an end");
    }

    @Override
    public void close() throws IOException {
        gone = true;
        listener.close();
        for (Socket client : open) {
            client.close();
        }
    }

    /**
     * For benchmarks: prints where it listens, then, whenever a line comes on standard input, how many bytes of blobs went out since the last.
     *
     * @param arguments the registry, latency in milliseconds, bytes a second of each connection
     */
    public static void main(String[] arguments) throws IOException {
        try (FaultProxy proxy = slow(arguments[0], Long.parseLong(arguments[1]), Long.parseLong(arguments[2]))) {
            System.out.println(proxy.host());
            long before = 0;
            while (System.in.read() >= 0) {
                long now = proxy.blobBytes();
                System.out.println(now - before);
                before = now;
            }
        }
    }
}
