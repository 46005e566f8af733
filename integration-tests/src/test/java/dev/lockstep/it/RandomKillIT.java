package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Kills at random moments, within tools too: Lockstep alone, so that its tools live on as orphans while recovery is at work, or everything at
 * once, as a crash does.
 */
class RandomKillIT {
    private static final boolean MANY = Boolean.getBoolean("lockstep.campaign");
    private static final int ROUNDS = MANY ? 30 : 2;

    private final Fleet fleet = Fleet.shared();

    @Test
    void killedAloneItsToolsLiveOnAndRecoveryIsRight() throws Exception {
        rounds("alone", false);
    }

    @Test
    void killedWithItsToolsRecoveryIsRight() throws Exception {
        rounds("with its tools", true);
    }

    private void rounds(String how, boolean tools) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long length = undisturbed();
        TreeMap<Long, String> seen = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            long delay = random.nextLong(length);
            seen.put(delay, killAfter(delay, tools));
        }
        StringBuilder table =
                new StringBuilder("killed " + how + ", seed " + seed + ", an upgrade takes " + length + " ms\n");
        seen.forEach((delay, state) -> table.append(String.format(Locale.ROOT, "  after %5d ms: %s%n", delay, state)));
        System.out.println(table);
        assertThat(seen.values()).allMatch(state -> state.matches("[AB], then B"));
    }

    private long undisturbed() {
        try (Sysroot sysroot = fleet.inStateA()) {
            long start = System.nanoTime();
            sysroot.upgrade().end().expect(0);
            return (System.nanoTime() - start) / 1_000_000;
        }
    }

    private String killAfter(long delay, boolean tools) throws Exception {
        try (Sysroot sysroot = fleet.inStateA()) {
            Process upgrade = sysroot.upgrade().start();
            Thread.sleep(delay);
            List<ProcessHandle> children = upgrade.descendants().toList();
            upgrade.destroyForcibly();
            if (tools) {
                children.forEach(ProcessHandle::destroyForcibly);
            }
            upgrade.waitFor();
            String killed = judged(sysroot);
            Run.Ended retry = sysroot.lockstep("retry").end();
            if (retry.errors().contains("NO_TRANSACTION")) {
                retry = sysroot.upgrade().end();
            }
            return killed + ", then " + (retry.status() == 0 ? judged(sysroot) : retry.errors());
        }
    }

    private static String judged(Sysroot sysroot) {
        Sysroot.Verdict verdict = sysroot.judge();
        return verdict.problems().isEmpty() ? verdict.state() : verdict.state() + " " + verdict.problems();
    }

    @Test
    void anOrphanedDeployThatHasNotEvenBegunIsWaitedFor() throws IOException, InterruptedException {
        Path slow = Files.createDirectories(fleet.fresh("slow"));
        Path begun = slow.resolve("begun");
        Path shim = slow.resolve("ostree");
        Files.writeString(shim, """
                #!/bin/bash
                if [ "$1 $2" = "admin deploy" ]; then touch %s; sleep 3; fi
                exec -a ostree /usr/bin/ostree "$@"
                """.formatted(begun));
        assertThat(shim.toFile().setExecutable(true)).isTrue();
        try (Sysroot sysroot = fleet.inStateA()) {
            Process upgrade = sysroot.upgrade()
                    .with("PATH", slow + ":" + System.getenv("PATH"))
                    .start();
            while (!Files.exists(begun)) {
                Thread.sleep(5);
            }
            upgrade.destroyForcibly().waitFor();
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));

            assertThat(sysroot.lockstep("retry").end().expect(0).output()).contains("had written its entry");

            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
        }
    }
}
