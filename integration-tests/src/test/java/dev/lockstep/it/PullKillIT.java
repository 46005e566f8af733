package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at random moments while twenty images with shared layers come over a slow network, one kill after the other on the same store
 * until everything is there, then on a new one. After each kill a script without any of our code recomputes the digests of whatever the store
 * lists, and the next run asks the registry for nothing that was complete. 200 kills with {@code -Dlockstep.campaign=true}, else 2.
 */
class PullKillIT {
    private static final boolean CAMPAIGN = Boolean.getBoolean("lockstep.campaign");
    private static final int KILLS = CAMPAIGN ? 100 : 2;
    private static final int IMAGES = 20;
    private static final long RATE = 3_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = IntStream.range(0, IMAGES)
            .mapToObj(number -> "kill-" + number + ":1")
            .toList();

    private static FaultProxy proxy = FaultProxy.slow(Fleet.shared().host(), 10, RATE);

    /** Milliseconds from the first blob to the end when nobody disturbs it; 0 until that was measured. */
    private static long length;

    private final Fleet fleet = Fleet.shared();

    /** Two layers of all, one of every fourth image, one of each. */
    @BeforeAll
    static void push() {
        IntStream.range(0, IMAGES)
                .forEach(number -> Fleet.fixture(
                        "image",
                        Fleet.shared().image(NAMES.get(number)),
                        "kill base=3000000",
                        "kill runtime=1500000",
                        "kill middle " + number % 4 + "=900000",
                        "kill own " + number + "=300000"));
    }

    @AfterAll
    static void close() throws IOException {
        proxy.close();
    }

    @Tag("campaign")
    @Test
    void killedAloneWhileItsProgramsGoOn() throws Exception {
        new Campaign(false).run();
    }

    @Test
    void killedWithAllItsPrograms() throws Exception {
        new Campaign(true).run();
    }

    /** What the store of a root has in full: the names of its images, the digests of its blobs, and what is wrong with any. */
    private record Listed(Set<String> names, Set<String> blobs, List<String> problems) {
        static Listed of(Path root) throws IOException {
            Run.Ended judged = Run.of(Fleet.SCRIPTS.resolve("judge"), "--store", root.resolve("var/lib/lockstep"))
                    .end();
            assertThat(judged.errors()).isEmpty();
            JsonNode verdict = JSON.readTree(judged.output());
            return new Listed(
                    new HashSet<>(texts(verdict, "names")),
                    new HashSet<>(texts(verdict, "blobs")),
                    texts(verdict, "problems"));
        }

        private static List<String> texts(JsonNode verdict, String key) {
            List<String> texts = new ArrayList<>();
            verdict.path(key).forEach(text -> texts.add(text.asText()));
            return texts;
        }
    }

    /** How often each blob was sent, by digest. */
    private static Map<String, Integer> blobsAsked() {
        Map<String, Integer> counts = new HashMap<>();
        proxy.asked().forEach((path, count) -> {
            if (path.contains("/blobs/")) {
                counts.merge(path.substring(path.lastIndexOf('/') + 1), count, Integer::sum);
            }
        });
        return counts;
    }

    private Run pull(Path root) {
        return Run.of(Fleet.LOCKSTEP, "images", "pull", "--root", root);
    }

    private Path freshRoot() {
        Path root = fleet.fresh("root");
        List<Object> words = new ArrayList<>(List.of("tree", root, "9"));
        NAMES.forEach(name -> words.add(proxy.host() + "/" + name));
        Fleet.fixture(words.toArray());
        return root;
    }

    /** Kills of one kind, and what was seen. */
    private final class Campaign {
        private final boolean programs;
        private final long seed = System.nanoTime();
        private final Random random = new Random(seed);
        private final List<String> wrong = new ArrayList<>();
        private final List<ProcessHandle> orphans = new ArrayList<>();
        private final Set<String> everything =
                fleet.blobs(NAMES.toArray(String[]::new)).keySet();
        private int kills;
        private int stores;
        private int imagesChecked;
        private int blobsComplete;

        Campaign(boolean programs) {
            this.programs = programs;
        }

        void run() throws Exception {
            if (length == 0) {
                length = undisturbed();
            }
            while (kills < KILLS) {
                onAFreshStore();
            }
            System.out.printf(
                    Locale.ROOT,
                    "pulls killed %s, seed %d, %d ms from the first byte to the end undisturbed: %d kills on %d stores, %d times an"
                            + " image listed and whole, %d times a complete blob not fetched again, wrong: %d%n",
                    programs ? "with all programs" : "alone",
                    seed,
                    length,
                    kills,
                    stores,
                    imagesChecked,
                    blobsComplete,
                    wrong.size());
            assertThat(wrong).isEmpty();
            assertThat(imagesChecked).isPositive();
            if (CAMPAIGN) {
                // A few kills may all come before the first image is complete.
                assertThat(blobsComplete).isGreaterThan(imagesChecked);
            }
        }

        private long undisturbed() throws Exception {
            Path root = freshRoot();
            try {
                Map<String, Integer> before = blobsAsked();
                Process run = pull(root).start();
                awaitABlob(run, before);
                long start = System.nanoTime();
                Run.end(run).expect(0);
                return Duration.ofNanos(System.nanoTime() - start).toMillis();
            } finally {
                remove(root);
            }
        }

        private void onAFreshStore() throws Exception {
            stores++;
            Path root = freshRoot();
            try {
                Listed before = Listed.of(root);
                boolean ended = false;
                while (!ended && kills < KILLS) {
                    Map<String, Integer> asked = blobsAsked();
                    ended = killed(root, random.nextLong(length / 8), asked);
                    before = check(root, before, asked, ended ? "the run after kill " : "kill ");
                }
                Map<String, Integer> asked = blobsAsked();
                pull(root).end().expect(0);
                Listed after = check(root, before, asked, "the last run after kill ");
                assertThat(after.blobs()).isEqualTo(everything);
                assertThat(after.names()).hasSize(IMAGES);
            } finally {
                remove(root);
            }
        }

        /** Starts a run and kills it; true when it had ended before. */
        private boolean killed(Path root, long delay, Map<String, Integer> asked) throws Exception {
            Process run = pull(root).start();
            awaitABlob(run, asked);
            Thread.sleep(delay);
            List<ProcessHandle> children = run.descendants().toList();
            if (!run.isAlive()) {
                Run.end(run).expect(0);
                return true;
            }
            run.destroyForcibly();
            if (programs) {
                children.forEach(ProcessHandle::destroyForcibly);
            }
            run.waitFor();
            kills++;
            orphans.addAll(children);
            return false;
        }

        private static void awaitABlob(Process run, Map<String, Integer> before) throws InterruptedException {
            while (run.isAlive() && blobsAsked().equals(before)) {
                Thread.sleep(10);
            }
        }

        /** What was complete before a run is there after it and was not asked for; all that is listed now is whole. */
        private Listed check(Path root, Listed before, Map<String, Integer> asked, String when) throws IOException {
            Map<String, Integer> now = blobsAsked();
            Listed after = Listed.of(root);
            for (String blob : before.blobs()) {
                if (!after.blobs().contains(blob)) {
                    wrong.add(when + kills + ": " + blob + " is gone");
                }
                if (!now.getOrDefault(blob, 0).equals(asked.getOrDefault(blob, 0))) {
                    wrong.add(when + kills + ": " + blob + " was complete and was fetched again");
                }
            }
            after.problems().forEach(problem -> wrong.add(when + kills + ": " + problem));
            imagesChecked += after.names().size();
            blobsComplete += before.blobs().size();
            return after;
        }

        private void remove(Path root) {
            orphans.forEach(orphan -> orphan.onExit().join());
            orphans.clear();
            Fleet.fixture("remove-runtime", root.resolve("var/lib/lockstep"));
            Fleet.fixture("remove", root);
        }
    }
}
