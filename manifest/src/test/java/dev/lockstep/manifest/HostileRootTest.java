package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A root that is made to lead its reader astray, hold it up or fill its memory: reading it ends, and says what is wrong. */
@Timeout(300)
final class HostileRootTest {
    private static final String GOOD = "[Image]\nImage=quay.io/good:1\n";

    private Path directory = Path.of("");
    private TestRoot root = TestRoot.bare(directory);

    @BeforeEach
    void makeRoot() throws IOException {
        directory = Files.createTempDirectory("hostile");
        root = TestRoot.in(directory).bound("good.image", GOOD);
    }

    /** Deeper than Java's own removal goes. */
    @AfterEach
    void removeRoot() throws IOException {
        TestRoot.run("rm", "-rf", directory.toString());
    }

    private Map<String, Long> codes() throws IOException {
        try (RootTree tree = RootTree.open(directory)) {
            return Lint.of(tree).problems().stream()
                    .filter(problem -> !problem.code().startsWith("LINT_"))
                    .collect(Collectors.groupingBy(Problem::code, Collectors.counting()));
        }
    }

    private void isGood() throws IOException {
        assertThat(codes()).isEmpty();
        assertThat(Told.images(root.read())).containsExactly("quay.io/good:1");
    }

    @Test
    void directoriesThatLinkToEachOtherAreSearchedOnce() throws IOException {
        for (int i = 0; i < 200; i++) {
            String one = TestRoot.QUADLETS + "/farm-" + i;
            root.directory(one)
                    .link(one + "/up", "..")
                    .link(one + "/self", ".")
                    .link(one + "/next", "../farm-" + (i + 1) % 200);
            root.link(TestRoot.QUADLETS + "/root-" + i, "/")
                    .link(TestRoot.QUADLETS + "/loop-" + i, "loop-" + (i + 1) % 200);
        }
        BoundImages bound = root.read();
        assertThat(Told.images(bound)).containsExactly("quay.io/good:1");
    }

    @Test
    void aLinkToTheWholeRootFindsUnitsAndEnds() throws IOException {
        root.link(TestRoot.QUADLETS + "/everything", "/");
        isGood();
    }

    @Test
    void directoriesTenThousandDeepEnd() throws IOException {
        TestRoot.run(
                "perl",
                "-e",
                "chdir shift; for (1..10000) { mkdir 'd' and chdir 'd' or die $! }",
                directory.resolve(TestRoot.QUADLETS.substring(1)).toString());
        // What is deeper than a path can be long Quadlet does not reach either.
        BoundImages bound = root.read();
        assertThat(bound.problems()).isEmpty();
        assertThat(Told.images(bound)).containsExactly("quay.io/good:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/share/containers/systemd/x.image",
                "/usr/share/containers/systemd/x.container.d",
                "/usr/share/containers/systemd/good.image.d/x.conf",
                "/usr/lib/lockstep/bound-images/x.toml",
                "/usr/lib/lockstep/bound-images.d/x.image",
                "/usr/lib/microshift/manifests/kustomization.yaml",
                "/usr/share/microshift/release/x.json",
                "/usr/etc/containers/registries.conf",
                "/usr/etc/containers/storage.conf"
            })
    void aFifoADeviceALinkToProcOrAHugeFileInThePlaceOfAnyFileIsToldOrIgnored(String path) throws IOException {
        String huge = directory.resolve(path.substring(1)).toString();
        List<TestRootChange> changes = List.of(
                () -> root.fifo(path),
                () -> root.device(path),
                () -> root.link(path, "/proc/self/mem"),
                () -> root.link(path, "/../../../../../../../proc/kcore"),
                () -> {
                    Files.createDirectories(Path.of(huge).getParent());
                    TestRoot.run("truncate", "-s", "1G", huge);
                });
        for (TestRootChange change : changes) {
            change.make();
            codes();
            try (RootTree tree = RootTree.open(directory)) {
                assertThat(BoundImages.of(tree).problems())
                        .allSatisfy(problem ->
                                assertThat(problem.toString()).isNotBlank().hasSizeLessThan(2_000));
            }
            TestRoot.run("rm", "-rf", huge);
        }
        isGood();
    }

    private interface TestRootChange {
        void make() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/share/containers/systemd/good.image",
                "/usr/share/containers/systemd/good.image.d/x.conf",
                "/usr/lib/lockstep/bound-images/x.toml",
                "/usr/share/microshift/release/x.json"
            })
    void oneGigabyteInThePlaceOfAFileIsTold(String path) throws IOException {
        String huge = directory.resolve(path.substring(1)).toString();
        Files.createDirectories(Path.of(huge).getParent());
        TestRoot.run("truncate", "-s", "1G", huge);
        assertThat(codes()).containsKey("FILE_TOO_LARGE");
    }

    @Test
    void aDirectoryOfFarTooManyEntriesIsTold() throws IOException {
        TestRoot.run(
                "sh",
                "-c",
                "cd \"$0\" && seq 1 70000 | xargs touch",
                directory.resolve(TestRoot.QUADLETS.substring(1)).toString());
        assertThat(codes()).containsKey("FILE_UNREADABLE");
    }

    @Test
    void aFileThatChangesAllTheTimeIsReadOrToldNeverThrown() throws Exception {
        Path unit = directory.resolve(TestRoot.QUADLETS.substring(1) + "/good.image");
        Path next = directory.resolve("next");
        AtomicBoolean done = new AtomicBoolean();
        Thread changer = Thread.ofPlatform().start(() -> change(unit, next, done));
        try {
            for (int i = 0; i < 150; i++) {
                BoundImages bound = root.read();
                assertThat(Told.images(bound)).isSubsetOf("quay.io/good:1", "quay.io/other:2");
                // Read more than once, it may be there at first and told of later; never is it left out in silence.
                assertThat(bound.failed() || !bound.images().isEmpty()).isTrue();
            }
        } finally {
            done.set(true);
            changer.join();
        }
    }

    /** Files of other sizes, a link, a directory, a FIFO, nothing: one after the other. */
    private static void change(Path unit, Path next, AtomicBoolean done) {
        try {
            for (int i = 0; !done.get(); i++) {
                TestRoot.run("rm", "-rf", next.toString());
                switch (i % 6) {
                    case 0 -> Files.writeString(next, GOOD);
                    case 1 -> Files.writeString(next, "#\n".repeat(100_000) + "[Image]\nImage=quay.io/other:2\n");
                    case 2 -> Files.createSymbolicLink(next, Path.of("/proc/self/mem"));
                    case 3 -> TestRoot.run("mkfifo", next.toString());
                    case 4 -> TestRoot.run("truncate", "-s", "1G", next.toString());
                    default -> Files.writeString(next, "[Image]\nImage=");
                }
                Files.move(next, unit, StandardCopyOption.REPLACE_EXISTING);
                if (i % 7 == 0) {
                    Files.deleteIfExists(unit);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
