package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** Where podman runs: here, and in the campaign in the tree of the booted hosts too. */
    private static Stream<List<Object>> podmans() {
        List<List<Object>> podmans = new ArrayList<>(List.of(List.of()));
        if (Boolean.getBoolean("lockstep.campaign")) {
            podmans.add(List.of(Run.of(Fleet.SCRIPTS.resolve("host"), "tree")
                    .end()
                    .expect(0)
                    .output()
                    .strip()));
        }
        return podmans.stream();
    }

    @ParameterizedTest
    @MethodSource("podmans")
    void nothingOfOrdinaryPodmanReachesOurStore(List<Object> tree) throws IOException {
        leavesOurStoreAlone(documented(Run.of(SURVIVAL, "podman", fleet.host()).and(tree.toArray())));
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
