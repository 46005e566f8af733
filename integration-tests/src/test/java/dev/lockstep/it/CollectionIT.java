package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code lockstep gc} on a real store and real deployments: what no deployment needs goes, and nothing else. */
class CollectionIT {
    private final Fleet fleet = Fleet.shared();

    private Sysroot inStateB() {
        Sysroot sysroot = fleet.inStateA();
        sysroot.upgrade().end().expect(0);
        sysroot.lockstep("bind").end().expect(0);
        return sysroot;
    }

    @Test
    void theImagesOfADeploymentThatIsGoneGo() throws IOException {
        try (Sysroot sysroot = inStateB()) {
            assertThat(sysroot.lockstep("gc").end().expect(0).output()).startsWith("Nothing to remove");
            undeployFormer(sysroot);

            Run.Ended preview = sysroot.lockstep("gc", "--dry-run").end().expect(0);
            assertThat(preview.output())
                    .startsWith("Would remove 2 images")
                    .contains(fleet.image("app-3:1"))
                    .contains("shared@" + fleet.digest("shared:1"));
            assertThat(sysroot.bindings()).hasSize(2);

            assertThat(sysroot.lockstep("gc").end().expect(0).output()).startsWith("Removed 2 images");
            assertThat(sysroot.bindings()).hasSize(1);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2"), List.of()));
            assertThat(sysroot.lockstep("verify", "--deep").end().expect(0).output())
                    .contains("is whole");
            assertThat(sysroot.lockstep("gc").end().expect(0).output()).startsWith("Nothing to remove");
            assertThat(sysroot.lockstep("history").end().expect(0).output()).contains("collected");
        }
    }

    @Test
    void nothingGoesWhileATransactionIsOpen() {
        try (Sysroot sysroot = fleet.inStateA()) {
            sysroot.upgrade().and("--download-only").end().expect(0);

            assertThat(sysroot.lockstep("gc").end().expect(0).output())
                    .startsWith("Nothing is removed: the transaction to")
                    .contains("is open");

            sysroot.lockstep("abort").end().expect(0);
            assertThat(sysroot.lockstep("gc").end().expect(0).output()).startsWith("Removed 3 images");
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("1"), List.of()));
            sysroot.upgrade().end().expect(0);
            assertThat(sysroot.judge()).isEqualTo(new Sysroot.Verdict(List.of("2", "1"), List.of()));
        }
    }

    @Test
    void aFormerDeploymentThatCannotBeReadAnyMoreKeepsItsImages() throws IOException {
        try (Sysroot sysroot = inStateB()) {
            Path quadlets = former(sysroot).resolve("usr/share/containers/systemd");
            Run.of("rm", "-r", quadlets).end().expect(0);
            Files.writeString(quadlets, "garbage where a directory belongs");

            Map<String, String> before = sysroot.names();

            assertThat(sysroot.lockstep("gc").end().expect(0).output()).startsWith("Nothing to remove");
            assertThat(sysroot.names()).isEqualTo(before);
        }
    }

    private static Path former(Sysroot sysroot) throws IOException {
        try (var roots = Files.list(sysroot.directory().resolve("ostree/deploy/os/deploy"))) {
            return roots.filter(Files::isDirectory)
                    .filter(CollectionIT::isVersion1)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isVersion1(Path root) {
        try {
            return Files.readString(root.resolve("usr/lib/os-release")).contains("VERSION_ID=1");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As an administrator does who wants its space. */
    private static void undeployFormer(Sysroot sysroot) {
        Run.of("ostree", "admin", "--sysroot=" + sysroot.directory(), "undeploy", "1")
                .end()
                .expect(0);
    }
}
