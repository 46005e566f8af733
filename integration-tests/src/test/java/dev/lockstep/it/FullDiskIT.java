package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full disk is told with what, where and how much; the host stays in A; after room is made a retry finishes. */
class FullDiskIT {
    private final Fleet fleet = Fleet.shared();

    @ParameterizedTest
    @ValueSource(ints = {40, 200, 400, 700, 1000})
    void aFullStore(int kibibytesLeft) throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path var = sysroot.directory().resolve("ostree/deploy/os/var");
            Path aside = fleet.fresh("var");
            Run.of("mv", var, aside).end().expect(0);
            try (SmallFileSystem disk = SmallFileSystem.make(var, 64)) {
                Run.of("cp", "--archive", aside + "/.", var).end().expect(0);
                disk.fill(kibibytesLeft);

                Run.Ended upgrade = sysroot.upgrade().end().expect(5);

                assertThat(upgrade.errors())
                        .containsAnyOf("STORE_FULL", "STATE_FULL")
                        .contains("free")
                        .contains(var.toString())
                        .contains("still on A")
                        .contains("make room")
                        .doesNotContain("\tat ");
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
                disk.makeRoom();
                Run.Ended retry = sysroot.lockstep("retry").end();
                if (retry.errors().contains("NO_TRANSACTION")) {
                    retry = sysroot.upgrade().end();
                }
                retry.expect(0);
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 500, 1100, 1500})
    void aFullSysroot(int kibibytesLeft) throws IOException {
        Path at = fleet.fresh("disk");
        try (SmallFileSystem disk = SmallFileSystem.make(at, 96);
                Sysroot a = fleet.inStateA()) {
            Run.of("cp", "--archive", a.directory() + "/.", at).end().expect(0);
            Sysroot sysroot = new Sysroot(at, a.expected());
            // The store is elsewhere, so that only the sysroot is full.
            Run.of("mount", "--bind", a.directory().resolve("ostree/deploy/os/var"), at.resolve("ostree/deploy/os/var"))
                    .end()
                    .expect(0);
            try {
                disk.fill(kibibytesLeft);

                Run.Ended upgrade = sysroot.upgrade().end().expect(5);

                assertThat(upgrade.errors())
                        .contains("SYSROOT_FULL")
                        .contains("free")
                        .contains("still on A")
                        .contains("make room")
                        .doesNotContain("\tat ");
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
                disk.makeRoom();
                sysroot.lockstep("retry").end().expect(0);
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
            } finally {
                Run.of("umount", "--lazy", at.resolve("ostree/deploy/os/var"))
                        .end()
                        .expect(0);
            }
        }
    }

    @Test
    void aDiskThatIsJustLargeEnoughIsEnough() throws IOException {
        try (Sysroot sysroot = fleet.inStateA()) {
            Path var = sysroot.directory().resolve("ostree/deploy/os/var");
            Path aside = fleet.fresh("var");
            Run.of("mv", var, aside).end().expect(0);
            try (SmallFileSystem disk = SmallFileSystem.make(var, 64)) {
                Run.of("cp", "--archive", aside + "/.", var).end().expect(0);
                disk.fill(8000);
                sysroot.upgrade().end().expect(0);
                assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
            }
        }
    }
}
