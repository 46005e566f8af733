package dev.lockstep.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real registry with two operating systems and their applications, and a sysroot in state A that tests take copies of. Made once for all
 * tests of a run, removed at its end.
 */
final class Fleet {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> APPS_1 = List.of("app-1:1", "app-2:1", "app-3:1", "app-4:1");
    private static final List<String> APPS_2 = List.of("app-1:1", "app-2:1", "app-3:2", "app-4:1", "app-5:2");

    static final Path SCRIPTS = Path.of("src/test/scripts").toAbsolutePath();
    static final Path LOCKSTEP =
            Path.of("../systemd/target/lockstep/bin/lockstep").toAbsolutePath().normalize();

    private static final class Shared {
        static final Fleet FLEET = make();
    }

    private final Path directory;
    private final String host;
    private final JsonNode digests;
    private final AtomicInteger copies = new AtomicInteger();

    private Fleet(Path directory, String host, JsonNode digests) {
        this.directory = directory;
        this.host = host;
        this.digests = digests;
    }

    static Fleet shared() {
        return Shared.FLEET;
    }

    private static Fleet make() {
        try {
            Path directory = Files.createTempDirectory("lockstep-it-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                fixture("registry-stop", directory.resolve("registry"));
                fixture("remove", directory);
            }));
            String host = fixture("registry-start", directory.resolve("registry"));
            Fleet fleet = new Fleet(directory, host, JSON.readTree(fixture("fleet", host)));
            Files.writeString(
                    directory.resolve("expected.json"), fleet.expected().toString());
            Sysroot a = fleet.emptySysroot(directory.resolve("a"));
            a.lockstep("upgrade", "--target", fleet.image("os:1"), "--tls-verify=false")
                    .end()
                    .expect(0);
            a.lockstep("bind").end().expect(0);
            fleet.moveSharedTag("shared:2");
            return fleet;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String fixture(Object... arguments) {
        return Run.of(SCRIPTS.resolve("fixture"))
                .and(arguments)
                .end()
                .expect(0)
                .output()
                .strip();
    }

    private ObjectNode expected() {
        ObjectNode expected = JSON.createObjectNode();
        expected.set("1", meanings(APPS_1, "shared:1"));
        expected.set("2", meanings(APPS_2, "shared:2"));
        return expected;
    }

    private ObjectNode meanings(List<String> applications, String shared) {
        ObjectNode meanings = JSON.createObjectNode();
        applications.forEach(name -> meanings.put(image(name), digest(name)));
        return meanings.put(image("shared:stable"), digest(shared));
    }

    /** Makes the tag that both operating systems bind mean another image. */
    void moveSharedTag(String to) {
        Run.of(
                        "skopeo",
                        "copy",
                        "--quiet",
                        "--src-tls-verify=false",
                        "--dest-tls-verify=false",
                        "docker://" + image(to),
                        "docker://" + image("shared:stable"))
                .end()
                .expect(0);
    }

    /** HOST:PORT of the registry. */
    String host() {
        return host;
    }

    Path registry() {
        return directory.resolve("registry");
    }

    String image(String name) {
        return host + "/" + name;
    }

    String digest(String name) {
        return digests.path(name).asText();
    }

    /** A directory for a test's own use. */
    Path fresh(String name) {
        return directory.resolve(name + "-" + copies.incrementAndGet());
    }

    /** A sysroot in state A: os:1 boots next, its tags are bound; shared:stable has moved on in the registry. */
    Sysroot inStateA() {
        Path copy = fresh("sysroot");
        Run.of("cp", "--archive", "--reflink=auto", directory.resolve("a"), copy)
                .end()
                .expect(0);
        return new Sysroot(copy, directory.resolve("expected.json"));
    }

    /** A sysroot with a state root and nothing deployed. */
    Sysroot emptySysroot(Path at) {
        fixture("sysroot", at, "os");
        return new Sysroot(at, directory.resolve("expected.json"));
    }

    /** The file of a blob in the registry's storage. */
    Path blob(String digest) {
        String hex = digest.substring("sha256:".length());
        return registry()
                .resolve("storage/docker/registry/v2/blobs/sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex)
                .resolve("data");
    }

    /** The digest of an image's own layer, its last one. */
    String ownLayer(String name) {
        JsonNode layers = manifest(name).path("layers");
        return layers.path(layers.size() - 1).path("digest").asText();
    }

    /** The digest of an image's configuration. */
    String configuration(String name) {
        return manifest(name).path("config").path("digest").asText();
    }

    /** Digest and size of each layer and configuration of images, each once. */
    java.util.Map<String, Long> blobs(String... names) {
        java.util.Map<String, Long> blobs = new java.util.LinkedHashMap<>();
        for (String name : names) {
            JsonNode manifest = manifest(name);
            blobs.put(
                    manifest.path("config").path("digest").asText(),
                    manifest.path("config").path("size").asLong());
            manifest.path("layers")
                    .forEach(layer -> blobs.put(
                            layer.path("digest").asText(), layer.path("size").asLong()));
        }
        return blobs;
    }

    private JsonNode manifest(String name) {
        String raw = Run.of("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + image(name))
                .end()
                .expect(0)
                .output();
        try {
            return JSON.readTree(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often each blob was fetched since a position of the registry's log. */
    java.util.Map<String, Integer> fetchedSince(long position) {
        java.util.Map<String, Integer> counts = new java.util.TreeMap<>();
        java.util.regex.Matcher line = java.util.regex.Pattern.compile(
                        "\"GET /v2/\\S+/blobs/(sha256:[0-9a-f]{64}) HTTP/1.1\" 200")
                .matcher(log().substring((int) position));
        while (line.find()) {
            counts.merge(line.group(1), 1, Integer::sum);
        }
        return counts;
    }

    long logPosition() {
        return log().length();
    }

    private String log() {
        try {
            return Files.readString(registry().resolve("log"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
