package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code images pull --to} and {@code --from}: an OCI directory stands for the registry, whose server is gone. What was read from the registry
 * while it was there is what everything is compared with.
 */
class OfflineIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLED = 137;

    private static final Path DIRECTORY = Fleet.shared().fresh("offline");
    private static final Path STICK = DIRECTORY.resolve("stick");
    private static final Map<String, String> DIGESTS = new HashMap<>();
    private static String registry = "";

    @BeforeAll
    static void writeTheStickAndStopTheRegistry() throws IOException {
        registry = Fleet.fixture("registry-start", DIRECTORY.resolve("registry"));
        for (String version : List.of("1", "2")) {
            push("app:" + version, "image", "base=2000000", "app v" + version);
            push("other:" + version, "platforms", "base=2000000", "other v" + version);
            push("os:" + version, "os", version, image("app:" + version), image("other:" + version));
        }
        Files.writeString(DIRECTORY.resolve("lockstep.toml"), "tls-verify = false\n");
        Fleet.fixture("tree", DIRECTORY.resolve("tree"), "2", image("app:2"), image("other:2"));
        killedWhileItIsWrittenTheDirectoryIsNotFinishedAndTheNextRunGoesOn();
        installVersion1();
        Fleet.fixture("registry-stop", DIRECTORY.resolve("registry"));
    }

    private static void push(String name, String kind, String... words) {
        DIGESTS.put(
                name,
                Fleet.fixture(Stream.concat(Stream.of(kind, image(name)), Stream.of(words))
                        .toArray()));
    }

    private static String image(String name) {
        return registry + "/" + name;
    }

    private static Run write(Path to, Object... more) {
        return Run.of(Fleet.LOCKSTEP, "--config", DIRECTORY.resolve("lockstep.toml"), "images", "pull")
                .and("--root", DIRECTORY.resolve("tree"), "--to", "oci:" + to)
                .and(more);
    }

    private static void killedWhileItIsWrittenTheDirectoryIsNotFinishedAndTheNextRunGoesOn() throws IOException {
        Run writing = write(STICK, "--add", image("os:2"));
        writing.with("LOCKSTEP_FAULT", "oci-blob.rename.after#5").end().expect(KILLED);
        Set<String> before = blobs(STICK);
        assertThat(before).hasSize(5);
        assertThat(STICK.resolve("index.json")).doesNotExist();
        long position = log().length();

        JsonNode answer = JSON.readTree(writing.and("--json").end().expect(0).output());

        assertThat(answer.path("images")).hasSize(3);
        assertThat(answer.path("images"))
                .allSatisfy(found -> assertThat(found.path("state").asText()).isEqualTo("present"));
        String asked = log().substring((int) position);
        assertThat(before).noneMatch(blob -> asked.contains("GET /v2/app/blobs/sha256:" + blob));
        assertThat(STICK.resolve(".lockstep-uploads")).doesNotExist();
        assertThat(writing.end().expect(0).output()).contains("0 fetched");
    }

    private static void installVersion1() {
        try (Sysroot sysroot = Fleet.shared().emptySysroot(DIRECTORY.resolve("a"))) {
            sysroot.lockstep("upgrade", "--target", image("os:1"), "--tls-verify=false")
                    .end()
                    .expect(0);
            sysroot.lockstep("bind").end().expect(0);
            Run.of("cp", "--archive", "--reflink=auto", sysroot.directory(), DIRECTORY.resolve("kept"))
                    .end()
                    .expect(0);
        }
    }

    @AfterAll
    static void stopTheRegistry() {
        Fleet.fixture("registry-stop", DIRECTORY.resolve("registry"));
    }

    private static String log() throws IOException {
        return Files.readString(DIRECTORY.resolve("registry/log"), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Set<String> blobs(Path directory) {
        try (Stream<Path> files = Files.list(directory.resolve("blobs/sha256"))) {
            return files.map(Path::getFileName)
                    .map(Path::toString)
                    .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A host in state A whose registry is gone. */
    private static Sysroot host(String name) {
        Path copy = DIRECTORY.resolve(name);
        Run.of("cp", "--archive", "--reflink=auto", DIRECTORY.resolve("kept"), copy)
                .end()
                .expect(0);
        return new Sysroot(copy, DIRECTORY.resolve("nothing"));
    }

    private static Run upgrade(Sysroot sysroot, Path from) {
        return sysroot.lockstep("upgrade", "--target", image("os:2"), "--from", "oci:" + from);
    }

    /** A copy of the stick in which the largest blob of an image that the first one does not have is damaged. */
    private static Path damagedStick() throws IOException {
        Path damaged = DIRECTORY.resolve("damaged");
        Run.of("cp", "--archive", STICK, damaged).end().expect(0);
        JsonNode manifest =
                JSON.readTree(Files.readString(damaged.resolve("blobs/sha256").resolve(hex("app:2"))));
        JsonNode layer = manifest.path("layers").path(1);
        try (RandomAccessFile file = new RandomAccessFile(
                damaged.resolve("blobs/sha256")
                        .resolve(layer.path("digest").asText().substring("sha256:".length()))
                        .toFile(),
                "rw")) {
            file.seek(layer.path("size").asLong() / 2);
            int there = file.read();
            file.seek(layer.path("size").asLong() / 2);
            file.write(there ^ 1);
        }
        return damaged;
    }

    private static String hex(String name) {
        return String.valueOf(DIGESTS.get(name)).substring("sha256:".length());
    }

    private static Set<String> boundNames(String version) {
        return Set.of(
                image("app") + "@" + DIGESTS.get("app:" + version),
                image("other") + "@" + DIGESTS.get("other:" + version));
    }

    @Test
    void theDirectoryKeepsEveryDigestAndSharedBlobsOnce() throws IOException {
        assertThat(blobs(STICK)).contains(hex("app:2"), hex("other:2"), hex("os:2"));
        assertThat(Run.of("skopeo", "inspect", "--raw", "oci:" + STICK + ":" + image("app:2"))
                        .end()
                        .expect(0)
                        .output())
                .isEqualTo(Files.readString(STICK.resolve("blobs/sha256").resolve(hex("app:2"))));
        // app: manifest, configuration, the shared layer, its own; other: list, manifest, configuration, two more
        // layers; os: four.
        assertThat(blobs(STICK)).hasSize(4 + 5 + 4);
    }

    @Test
    void aHostGoesFromAToBAndIsRepairedWithoutARegistry() throws IOException {
        try (Sysroot sysroot = host("upgraded")) {
            assertThat(upgrade(sysroot, damagedStick()).end().expect(1).errors())
                    .contains(
                            "OCI_UNUSABLE",
                            "oci:" + DIRECTORY.resolve("damaged"),
                            image("app:2"),
                            "is not what its digest says")
                    .contains("still on A");
            assertThat(sysroot.lockstep("status").end().expect(0).output()).contains("open");

            assertThat(sysroot.lockstep("retry", "--from", "oci:" + STICK)
                            .end()
                            .expect(0)
                            .output())
                    .contains("Now B");
            assertThat(sysroot.names()).containsKeys(boundNames("2").toArray(String[]::new));
            sysroot.lockstep("bind").end().expect(0);
            assertThat(sysroot.names()).containsKeys(image("app:2"), image("other:2"));
            assertThat(sysroot.lockstep("verify", "--deep").end().expect(0).output())
                    .startsWith("Every image of the deployment that boots next is whole");

            ruinALayer(sysroot);
            assertThat(sysroot.lockstep("verify", "--deep").end().status()).isEqualTo(6);
            assertThat(sysroot.lockstep("repair", "--from", "oci:" + STICK)
                            .end()
                            .status())
                    .isEqualTo(0);
            sysroot.lockstep("verify", "--deep").end().expect(0);
        }
    }

    /** Removes the files of the layer that app:2 alone has. */
    private static void ruinALayer(Sysroot sysroot) throws IOException {
        try (Stream<Path> files = Files.walk(sysroot.store().resolve("overlay"), 2)) {
            List<Path> ruined = files.filter(file -> file.endsWith("diff") && Files.exists(file.resolve("app/app v2")))
                    .toList();
            assertThat(ruined).hasSize(1);
            Run.of("rm", "-r", ruined.get(0)).end().expect(0);
        }
    }

    @Test
    void aTransactionRemembersWhereItsImagesComeFrom() throws IOException {
        Path moved = DIRECTORY.resolve("moved");
        Run.of("cp", "--archive", STICK, moved).end().expect(0);
        try (Sysroot sysroot = host("remembering")) {
            upgrade(sysroot, moved)
                    .with("LOCKSTEP_FAULT", "podman-pull.before#1")
                    .end()
                    .expect(KILLED);
            assertThat(sysroot.lockstep("retry").end().expect(0).output()).contains("Now B");
        }
        try (Sysroot sysroot = host("forgetting")) {
            upgrade(sysroot, moved)
                    .with("LOCKSTEP_FAULT", "podman-create.before#1")
                    .end()
                    .expect(KILLED);
            Run.of("rm", "-r", moved).end().expect(0);
            // Everything is in the store by then, so nobody has to be asked.
            Run.Ended ended = sysroot.lockstep("retry").end().expect(0);
            assertThat(ended.errors()).contains("cannot be used now", "there is no directory " + moved);
            assertThat(ended.output()).contains("Now B");
        }
    }

    @Test
    void whatTheDirectoryLacksIsNamedWithWhatToDo() throws IOException {
        Path without = DIRECTORY.resolve("without");
        Run.of("cp", "--archive", STICK, without).end().expect(0);
        Files.writeString(without.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[]}");
        try (Sysroot sysroot = host("lacking")) {
            Run.Ended ended = upgrade(sysroot, without).end().expect(5);
            assertThat(ended.errors())
                    .contains("REGISTRY_UNREACHABLE", "oci:" + without + " does not hold " + image("os:2"), "--add")
                    .contains("still on A");
            Files.delete(without.resolve("index.json"));
            assertThat(upgrade(sysroot, without).end().expect(1).errors()).contains("OCI_UNUSABLE", "is not finished");
        }
    }
}
