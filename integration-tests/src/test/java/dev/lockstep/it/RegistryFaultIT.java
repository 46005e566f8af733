package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever a registry or the network does: what can pass is tried again, what cannot is told, each layer comes once, and the host stays in A.
 * Every second fault of a table, with {@code -Dlockstep.campaign=true} all of them.
 */
class RegistryFaultIT {
    private static final int STRIDE = Boolean.getBoolean("lockstep.campaign") ? 1 : 2;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] IMAGES = {"fault-1:1", "fault-2:1", "fault-3:1", "fault-4:1"};
    private static final String CONFIGURATION = "retries = 2\nretry-delay = 1\nstall-timeout = 3\nparallel = 3\n";

    private static String base = "";
    private static String own = "";

    private final Fleet fleet = Fleet.shared();

    /** Four applications on one layer that no sysroot has. */
    @BeforeAll
    static void push() {
        for (String image : IMAGES) {
            Fleet.fixture("image", Fleet.shared().image(image), "fault base=3000000", image + "=200000");
        }
        List<String> digests = List.copyOf(Fleet.shared().blobs(IMAGES[0]).keySet());
        base = digests.get(1);
        own = digests.get(2);
    }

    /** A sysroot in A whose repository has a tree that binds the four through the proxy. */
    private Sysroot sysroot(FaultProxy proxy) {
        Sysroot sysroot = fleet.inStateA();
        Path tree = fleet.fresh("tree");
        List<Object> words = new ArrayList<>(List.of("tree", tree, "3"));
        Stream.of(IMAGES).map(image -> proxy.host() + "/" + image).forEach(words::add);
        Fleet.fixture(words.toArray());
        sysroot.commitTree(tree, "os/three");
        return sysroot;
    }

    private Run upgrade(Sysroot sysroot, String configuration) throws IOException {
        Path config = fleet.fresh("lockstep.toml");
        Files.writeString(config, configuration);
        return sysroot.lockstep("--config", config, "upgrade", "--target", "ostree:os/three", "--download-only");
    }

    /** How often each blob was asked for, by digest. */
    private static Map<String, Integer> blobsAsked(FaultProxy proxy) {
        Map<String, Integer> counts = new TreeMap<>();
        proxy.asked().forEach((path, count) -> {
            if (path.contains("/blobs/")) {
                counts.merge(path.substring(path.lastIndexOf('/') + 1), count, Integer::sum);
            }
        });
        return counts;
    }

    @Test
    void onASlowNetworkEachLayerComesOnceAndProgressIsTold() throws Exception {
        Map<String, Long> blobs = fleet.blobs(IMAGES);
        int layers = blobs.size() - IMAGES.length;
        Path told = fleet.fresh("progress");
        try (FaultProxy proxy = FaultProxy.slow(fleet.host(), 20, 2_000_000);
                Sysroot sysroot = sysroot(proxy)) {
            Run run = upgrade(sysroot, CONFIGURATION).and("--progress-fd", "7");
            Run.Ended ended = Run.of("sh", "-c", "exec \"$@\" 7>" + told, "sh")
                    .and(run.arguments().toArray())
                    .end()
                    .expect(0);

            assertThat(ended.errors()).contains("4 images, 0 present, " + layers + " layers, ");
            assertThat(blobsAsked(proxy).keySet()).isEqualTo(blobs.keySet());
            assertThat(blobsAsked(proxy))
                    .allSatisfy((digest, times) -> assertThat(times).as(digest).isEqualTo(1));
            assertThat(proxy.blobBytes())
                    .isEqualTo(blobs.values().stream().mapToLong(size -> size).sum());
            bytesGrowToThePlan(Files.readAllLines(told));
        }
    }

    private static void bytesGrowToThePlan(List<String> lines) throws IOException {
        long planned = -1;
        List<Long> bytes = new ArrayList<>();
        for (String line : lines) {
            JsonNode event = JSON.readTree(line);
            if (event.path("type").asText().equals("plan")) {
                planned = event.path("bytesToFetch").asLong();
            } else if (event.path("type").asText().equals("transfer")) {
                assertThat(event.path("bytesTotal").asLong()).isEqualTo(planned);
                bytes.add(event.path("bytes").asLong());
            }
        }
        assertThat(bytes).hasSizeGreaterThan(3).isSorted().endsWith(planned);
    }

    private static <T> List<T> sampled(List<T> all) {
        return IntStream.range(0, all.size())
                .filter(index -> index % STRIDE == 0)
                .mapToObj(all::get)
                .toList();
    }

    private static List<Fault> passing() {
        return List.of(
                Fault.once(base, new Fault.Kind.Truncate(1_000_000)),
                Fault.once(base, new Fault.Kind.Reset(1_000_000)),
                Fault.once(base, new Fault.Kind.Stall(1_000_000)),
                Fault.once(base, new Fault.Kind.Status(503)),
                Fault.once(own, new Fault.Kind.Status(408)),
                Fault.once("/manifests/1$", new Fault.Kind.Status(500)),
                Fault.once("/manifests/sha256:", new Fault.Kind.Status(429)));
    }

    @Test
    void whatPassesIsTriedAgain() throws Exception {
        for (Fault fault : sampled(passing())) {
            try (FaultProxy proxy = FaultProxy.before(fleet.host()).with(fault);
                    Sysroot sysroot = sysroot(proxy)) {
                Run.Ended ended = upgrade(sysroot, CONFIGURATION).end().expect(0);

                assertThat(ended.output()).as(fault.toString()).contains("Ready");
                int most = fault.path().pattern().equals(base) ? 2 : 1;
                assertThat(blobsAsked(proxy).get(base)).as(fault.toString()).isLessThanOrEqualTo(most);
            }
        }
    }

    /** A fault that stays, and what is said of it. */
    private record Lasting(Fault fault, int status, List<String> words) {}

    private static List<Lasting> lasting() {
        return List.of(
                new Lasting(
                        Fault.always(own, new Fault.Kind.Status(401)), 1, List.of("REGISTRY_UNAUTHORIZED", "fault-1@")),
                new Lasting(Fault.always(own, new Fault.Kind.Corrupt()), 1, List.of("IMAGE_MALFORMED", "fault-1@")),
                new Lasting(
                        Fault.always("fault-1/manifests/sha256:", new Fault.Kind.Corrupt()),
                        1,
                        List.of("IMAGE_MALFORMED", "fault-1@")),
                new Lasting(Fault.always(own, new Fault.Kind.Status(404)), 5, List.of("IMAGE_INCOMPLETE", "fault-1@")),
                new Lasting(
                        Fault.always(own, new Fault.Kind.Stall(50_000)),
                        5,
                        List.of("TIMED_OUT", "fault-1@", "nothing came for ")),
                new Lasting(
                        Fault.once(own, new Fault.Kind.Vanish(100_000)),
                        5,
                        List.of("REGISTRY_UNREACHABLE", "fault-1@")));
    }

    @Test
    void whatStaysIsToldAndTheHostIsAsItWas() throws Exception {
        for (Lasting lasting : sampled(lasting())) {
            try (FaultProxy proxy = FaultProxy.before(fleet.host()).with(lasting.fault());
                    Sysroot sysroot = sysroot(proxy)) {
                Run.Ended ended = upgrade(sysroot, CONFIGURATION.replace("retries = 2", "retries = 0"))
                        .end()
                        .expect(lasting.status());

                assertThat(ended.errors())
                        .as(lasting.fault().toString())
                        .contains(lasting.words().toArray(String[]::new))
                        .contains("still on A")
                        .doesNotContain("\tat ");
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
                assertThat(sysroot.names()).doesNotContainKey(proxy.host() + "/fault-1:1");
            }
        }
    }

    /** What other pulls brought before one failed is not fetched again. */
    @Test
    void aRetryFetchesWhatIsLacking() throws Exception {
        try (FaultProxy proxy = FaultProxy.before(fleet.host()).with(Fault.always(own, new Fault.Kind.Status(503)));
                Sysroot sysroot = sysroot(proxy)) {
            upgrade(sysroot, CONFIGURATION.replace("retries = 2", "retries = 0"))
                    .end()
                    .expect(5);
            proxy.heal();

            sysroot.lockstep("retry").end().expect(0);

            assertThat(sysroot.judge().versions()).startsWith("3");
            assertThat(blobsAsked(proxy)).containsEntry(own, 1);
        }
    }
}
