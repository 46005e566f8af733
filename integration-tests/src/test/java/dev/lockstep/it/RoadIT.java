package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The road from A to B as an administrator walks it. */
class RoadIT {
    private final Fleet fleet = Fleet.shared();

    @Test
    void anUpgradeLeadsToBAndKeepsA() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Run.Ended upgrade = sysroot.upgrade().end().expect(0);

            assertThat(upgrade.output()).contains("Now B: 2 (").contains("A, 1 (");
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
            assertThat(sysroot.lockstep("verify", "--deep").end().expect(0).output())
                    .contains("is whole");
            assertThat(sysroot.lockstep("history").end().expect(0).output()).contains("committed");
        }
    }

    @Test
    void anImageThatCannotBePulledHoldsEverythingAndARetryFetchesNothingTwice() throws IOException {
        Path blob = fleet.blob(fleet.ownLayer("app-3:2"));
        Path away = fleet.fresh("blob");
        try (Sysroot sysroot = fleet.inStateA()) {
            Map<String, String> before = sysroot.entries();
            long position = fleet.logPosition();
            Files.move(blob, away);
            Run.Ended upgrade;
            try {
                upgrade = sysroot.upgrade().end().expect(5);
            } finally {
                Files.move(away, blob);
            }
            assertThat(upgrade.errors())
                    .contains("IMAGE_INCOMPLETE")
                    .contains("app-3@" + fleet.digest("app-3:2"))
                    .contains("state: still on A: 1 (")
                    .contains("next:")
                    .doesNotContain("\tat ");
            assertThat(sysroot.entries()).isEqualTo(before);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));

            sysroot.lockstep("retry").end().expect(0);

            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
            // podman asks for the small configuration before the layers, so for app-3:2 it did so in both runs.
            Map<String, Integer> fetched = fleet.fetchedSince(position);
            fetched.remove(fleet.configuration("app-3:2"));
            assertThat(fetched)
                    .isNotEmpty()
                    .allSatisfy((digest, times) -> assertThat(times).as(digest).isEqualTo(1));
        }
    }

    @Test
    void aTagThatBothUseFollowsTheDeploymentAndNotThePull() {
        try (Sysroot sysroot = fleet.inStateA()) {
            String tag = fleet.image("shared:stable");
            String first = sysroot.names().get(tag);

            sysroot.upgrade().end().expect(0);
            assertThat(sysroot.names()).containsEntry(tag, first);

            sysroot.lockstep("bind").end().expect(0);
            assertThat(sysroot.names().get(tag)).isNotEqualTo(first).isNotNull();

            assertThat(sysroot.lockstep("rollback").end().expect(0).output()).contains("/etc");
            sysroot.lockstep("bind").end().expect(0);
            assertThat(sysroot.names()).containsEntry(tag, first);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1", "2"), List.of()));
        }
    }

    @Test
    void whatIsDeployedAlreadyIsNothingToDoButIsMended() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            sysroot.upgrade().end().expect(0);
            assertThat(sysroot.upgrade().end().expect(0).output()).startsWith("Nothing to do");

            Path layer = layerHolding(sysroot, "app/app-5");
            Files.delete(layer.resolve("link"));
            assertThat(sysroot.lockstep("verify").end().expect(6).output()).contains("damaged");

            assertThat(sysroot.upgrade().end().expect(0).output())
                    .startsWith("Nothing to do")
                    .contains("1 repaired");
            assertThat(sysroot.lockstep("verify", "--deep").end().expect(0).output())
                    .contains("is whole");
            assertThat(sysroot.judge().problems()).isEmpty();
        }
    }

    @Test
    void aDeepCheckTellsEveryImageThatHasADamagedLayer() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            for (Map.Entry<String, String> damage :
                    Map.of("app/app-1", "1 damaged", "app/base", "5 damaged").entrySet()) {
                Path file =
                        layerHolding(sysroot, damage.getKey()).resolve("diff").resolve(damage.getKey());
                byte[] content = Files.readAllBytes(file);
                Files.write(file, new byte[0]);

                assertThat(sysroot.lockstep("verify").end().expect(0).output()).contains("is whole");
                assertThat(sysroot.lockstep("verify", "--deep").end().expect(6).output())
                        .contains("5 images: ", damage.getValue());
                Files.write(file, content);
            }
        }
    }

    private static Path layerHolding(Sysroot sysroot, String file) throws IOException {
        try (var layers = Files.list(sysroot.store().resolve("overlay"))) {
            return layers.filter(layer -> Files.exists(layer.resolve("diff").resolve(file)))
                    .collect(Collectors.toList())
                    .get(0);
        }
    }

    @Test
    void aSecondUpgradeIsToldWhoHoldsTheLock() throws Exception {
        try (Sysroot sysroot = fleet.inStateA()) {
            Process first = sysroot.upgrade().start();
            try {
                while (Files.size(sysroot.state().resolve("lock")) == 0) {
                    Thread.sleep(5);
                }
                assertThat(sysroot.upgrade().end().expect(3).errors())
                        .contains("LOCK_HELD")
                        .contains("'lockstep upgrade' (process " + first.pid());
            } finally {
                Run.end(first).expect(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podman-pull.before#1:term",
                "podman-pull.before#3:term",
                "ostree-commit.before#1:term",
                "podman-create.before#2:term",
                "store.syncfs.before#1:term",
                "binding.rename.before#5:term",
            })
    void askedToStopItStopsOnAAndARetryFinishes(String point) {
        try (Sysroot sysroot = fleet.inStateA()) {
            Run.Ended stopped =
                    sysroot.upgrade().with("LOCKSTEP_FAULT", point).end().expect(128 + 15);

            Sysroot.Verdict verdict = sysroot.judge();
            assertThat(verdict.problems()).isEmpty();
            if (verdict.state().equals("A")) {
                assertThat(stopped.errors()).contains("still on A").doesNotContain("\tat ");
                sysroot.lockstep("retry").end().expect(0);
            }
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
        }
    }

    @Test
    void hollowLayersOfAnUnsyncedPullAreNotTakenForImages() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            sysroot.upgrade()
                    .with("LOCKSTEP_FAULT", "store.syncfs.before#1")
                    .end()
                    .expect(128 + 9);
            hollow(layerHolding(sysroot, "app/app-5").resolve("diff/app/app-5"));
            zero(layerHolding(sysroot, "app/shared v2").resolve("diff/app/shared v2"));

            assertThat(sysroot.lockstep("retry").end().expect(0).output()).contains("2 repaired");

            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
        }
    }

    @Test
    void withoutTheRecordOfWhatIsDurableEverythingIsCheckedByContent() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            sysroot.upgrade().end().expect(0);
            Files.delete(sysroot.state().resolve("synced.json"));
            hollow(layerHolding(sysroot, "app/base").resolve("diff/app/base"));

            assertThat(sysroot.lockstep("verify").end().expect(6).output()).contains("unproven");
            assertThat(sysroot.upgrade().end().expect(0).output()).contains("repaired");

            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
        }
    }

    private static void hollow(Path file) throws IOException {
        Files.newByteChannel(file, StandardOpenOption.WRITE).truncate(0).close();
    }

    private static void zero(Path file) throws IOException {
        Files.write(file, new byte[(int) Files.size(file)], StandardOpenOption.WRITE);
    }

    @Test
    void downloadOnlyStopsBeforeTheEntryAndCommitWritesIt() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Map<String, String> before = sysroot.entries();

            assertThat(sysroot.upgrade().and("--download-only").end().expect(0).output())
                    .startsWith("Ready:");
            assertThat(sysroot.entries()).isEqualTo(before);
            assertThat(sysroot.lockstep("status").end().expect(0).output()).contains("is ready");

            sysroot.lockstep("commit").end().expect(0);
            assertThat(sysroot.judge().state()).isEqualTo("B");
        }
    }

    @Test
    void anAbortedTransactionLeavesAAsItWas() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Map<String, String> before = sysroot.entries();
            sysroot.upgrade().and("--download-only").end().expect(0);

            assertThat(sysroot.lockstep("abort").end().expect(0).output()).contains("Still A");

            assertThat(sysroot.entries()).isEqualTo(before);
            assertThat(sysroot.bindings()).hasSize(1);
            assertThat(sysroot.lockstep("retry").end().expect(1).errors()).contains("NO_TRANSACTION");
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
        }
    }

    @Test
    void brokenBindingRecordsAreKeptAsideAndRebuiltFromPinsAndHost() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            sysroot.upgrade().end().expect(0);
            for (Path record : sysroot.bindings()) {
                Files.writeString(record, Files.readString(record).substring(0, 200));
            }
            assertThat(sysroot.lockstep("status").end().expect(0).output()).contains("unreadable");

            sysroot.lockstep("bind").end().expect(0);

            assertThat(sysroot.bindings())
                    .filteredOn(file -> file.toString().endsWith(".json"))
                    .hasSize(2);
            assertThat(sysroot.bindings())
                    .filteredOn(file -> file.toString().endsWith(".broken"))
                    .hasSize(2);
            assertThat(sysroot.lockstep("verify").end().expect(0).output()).contains("is whole");
            assertThat(sysroot.lockstep("rollback").end().expect(0).output()).contains("Back to A");
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1", "2"), List.of()));
        }
    }

    @Test
    void aCheckTellsWhetherThereIsSomethingNewAndChangesNothing() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Map<String, String> before = sysroot.entries();
            Run check = sysroot.lockstep("check", "--tls-verify=false", "--target");

            assertThat(check.and(fleet.image("os:1")).end().expect(0).output())
                    .startsWith("Nothing new")
                    .contains("5 images, 5 present, 0 layers, ")
                    .doesNotContain("not counted");
            assertThat(check.and(fleet.image("os:2")).end().expect(0).output())
                    .startsWith("There is something new")
                    .contains(fleet.digest("os:2"), fleet.digest("os:1"))
                    .contains("1 image, 0 present, 2 layers, ", "not counted: the images that it binds");
            assertThat(sysroot.entries()).isEqualTo(before);
            assertThat(sysroot.bindings()).hasSize(1);

            sysroot.upgrade().and("--download-only").end().expect(0);
            assertThat(check.and(fleet.image("os:2")).end().expect(0).output())
                    .startsWith("There is something new")
                    .contains("6 images, 6 present, 0 layers, ")
                    .doesNotContain("not counted");
        }
    }

    @Test
    void aCheckTellsTheSizeOfACommitThatARemoteHas() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path remote = Files.createDirectories(fleet.fresh("remote"));
            Path tree = fleet.fresh("tree");
            Fleet.fixture("tree", tree, "2", fleet.image("app-1:1"));
            Run.of("ostree", "--repo=" + remote, "init", "--mode=archive").end().expect(0);
            Run commit = Run.of("ostree", "--repo=" + remote, "commit", "--tree=dir=" + tree);
            commit.and("--branch=told", "--generate-sizes").end().expect(0);
            commit.and("--branch=untold").end().expect(0);
            Run.of("ostree", "--repo=" + sysroot.directory().resolve("ostree/repo"))
                    .and("remote", "add", "--no-gpg-verify", "far", "file://" + remote)
                    .end()
                    .expect(0);
            Run check = sysroot.lockstep("check", "--target");

            assertThat(check.and("ostree:far:told").end().expect(0).output())
                    .containsPattern("0 images, 0 present, 0 layers, [1-9][0-9.]* [KM]iB to fetch")
                    .doesNotContain("not counted: the commit");
            assertThat(check.and("ostree:far:untold").end().expect(0).output())
                    .contains("0 B to fetch", "not counted: the commit");
        }
    }

    @Test
    void anOstreeRefIsATargetToo() {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path tree = fleet.fresh("tree");
            Fleet.fixture("tree", tree, "2", fleet.image("app-1:1"), fleet.image("shared:1"));
            sysroot.commitTree(tree, "os/two");

            assertThat(sysroot.lockstep("upgrade", "--target", "ostree:os/two")
                            .end()
                            .expect(0)
                            .output())
                    .contains("Now B: 2 (");
            assertThat(sysroot.lockstep("verify").end().expect(0).output()).contains("shared:1");
        }
    }
}
