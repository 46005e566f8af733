package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/survival.md} are what podman does now. That of podman 5.4 with {@code -Dlockstep.campaign=true}. */
class SurvivalIT {
    private static final Path DOCUMENT = Path.of("../docs/survival.md");
    private static final Path SURVIVAL = Fleet.SCRIPTS.resolve("survival");

    private final Fleet fleet = Fleet.shared();

    /** The table without its head, as cells. */
    private static List<List<String>> rows(String table) {
        return table.lines().skip(2).map(line -> List.of(line.split(" *\\| *"))).toList();
    }

    private static String documented(Run survival) throws IOException {
        String table = survival.end().expect(0).output();
        assertThat(Files.readString(DOCUMENT)).contains(table);
        return table;
    }

    private static void leavesOurStoreAlone(String table) {
        assertThat(rows(table))
                .hasSize(7)
                .allSatisfy(row -> assertThat(row.get(2)).isIn("stays", "refused"));
    }

    @Test
    void nothingOfOrdinaryPodmanReachesOurStore() throws IOException {
        leavesOurStoreAlone(documented(Run.of(SURVIVAL, "podman", fleet.host())));
    }

    @Test
    void norOfTheBootedHosts() throws IOException {
        assumeTrue(Boolean.getBoolean("lockstep.campaign"));
        String template = Run.of(Fleet.SCRIPTS.resolve("host"), "tree")
                .end()
                .expect(0)
                .output()
                .strip();

        leavesOurStoreAlone(documented(Run.of(SURVIVAL, "podman", fleet.host(), template)));
    }

    @Test
    void whatIsTakenFromOurStoreItselfIsRestored() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            String table = documented(Run.of(SURVIVAL, "own", sysroot.directory(), fleet.image("os:1")));

            assertThat(rows(table))
                    .hasSize(7)
                    .allSatisfy(row -> assertThat(row.get(4)).isIn("the same", "nothing to restore"));
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
        }
    }
}
