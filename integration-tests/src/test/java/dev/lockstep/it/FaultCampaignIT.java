package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Kills a real upgrade with SIGKILL at its fault points, on the real podman and ostree, and has a script that shares no code with Lockstep
 * judge the host: it must be in A or in B, whole, and one {@code retry} must bring it to B.
 *
 * <p>Normally at the first visit of every fifth point, with {@code -Dlockstep.campaign=true} at every visit of all. What the killed process
 * had started lives on as an orphan; nothing waits for it.
 */
class FaultCampaignIT {
    private static final boolean EVERYTHING = Boolean.getBoolean("lockstep.campaign");
    private static final int AT_ONCE = 2;
    private static final int SAMPLE = EVERYTHING ? 1 : 5;
    private static final int KILLED = 128 + 9;

    /** What was seen at one point. */
    private record Outcome(String point, String killed, String retried) {
        boolean good() {
            return (killed.equals("A") || killed.equals("B")) && retried.equals("B");
        }
    }

    @Test
    void killedAtAnyPointTheHostIsInAOrInBAndARetryFinishes() throws Exception {
        List<String> points = points();
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Outcome>> running = new ArrayList<>();
            points.forEach(point -> running.add(workers.submit(() -> kill(point))));
            for (Future<Outcome> trial : running) {
                outcomes.add(result(trial));
            }
        }
        print(outcomes);
        assertThat(outcomes).allMatch(Outcome::good);
        assertThat(outcomes).extracting(Outcome::killed).contains("A", "B");
    }

    private static Outcome result(Future<Outcome> trial) throws InterruptedException {
        try {
            return trial.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** The points of one upgrade, {@code NAME#VISIT}, in the order in which they are reached. */
    private static List<String> points() throws IOException {
        Path trace = Fleet.shared().fresh("trace");
        try (Sysroot sysroot = Fleet.shared().inStateA()) {
            sysroot.upgrade()
                    .with("LOCKSTEP_FAULT_TRACE", trace.toString())
                    .end()
                    .expect(0);
        }
        Map<String, Integer> visits = new HashMap<>();
        Set<String> points = new LinkedHashSet<>();
        for (String name : Files.readAllLines(trace)) {
            int visit = visits.merge(name, 1, Integer::sum);
            if (EVERYTHING || visit == 1) {
                points.add(name + "#" + visit);
            }
        }
        List<String> all = List.copyOf(points);
        return IntStream.range(0, all.size())
                .filter(index -> index % SAMPLE == 0 || index == all.size() - 1)
                .mapToObj(all::get)
                .toList();
    }

    private static Outcome kill(String point) {
        try (Sysroot sysroot = Fleet.shared().inStateA()) {
            sysroot.upgrade().with("LOCKSTEP_FAULT", point).end().expect(KILLED);
            String killed = judged(sysroot);
            Run.Ended retry = goOn(sysroot);
            String retried = retry.status() == 0 ? judged(sysroot) : "exit " + retry.status() + ": " + retry.errors();
            return new Outcome(point, killed, retried);
        }
    }

    /** A run that was killed before its first note has no transaction to retry: the same command goes on. */
    private static Run.Ended goOn(Sysroot sysroot) {
        Run.Ended retry = sysroot.lockstep("retry").end();
        return retry.errors().contains("NO_TRANSACTION") ? sysroot.upgrade().end() : retry;
    }

    private static String judged(Sysroot sysroot) {
        Sysroot.Verdict verdict = sysroot.judge();
        return verdict.problems().isEmpty() ? verdict.state() : verdict.state() + " " + verdict.problems();
    }

    private static void print(List<Outcome> outcomes) {
        StringBuilder table = new StringBuilder("killed at                              then  after retry\n");
        for (Outcome outcome : outcomes) {
            table.append(String.format(
                    Locale.ROOT, "%-38s %-5s %s%n", outcome.point(), outcome.killed(), outcome.retried()));
        }
        long good = outcomes.stream().filter(Outcome::good).count();
        table.append(good).append(" of ").append(outcomes.size()).append(" as they must be\n");
        System.out.println(table);
    }
}
