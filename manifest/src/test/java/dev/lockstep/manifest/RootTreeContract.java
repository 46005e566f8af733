package dev.lockstep.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.manifest.UnreadableException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a root tree promises, whichever way keeps its paths inside. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class RootTreeContract {
    @TempDir
    Path temporary = Path.of("");

    private TestRoot root = TestRoot.bare(temporary);
    private Optional<RootTree> opened = Optional.empty();

    abstract RootedOpen opener();

    @BeforeEach
    void secretBesideTheRoot() throws IOException {
        Files.writeString(temporary.resolve("secret"), "outside");
        Files.writeString(Files.createDirectory(temporary.resolve("host")).resolve("secret"), "outside");
        Files.createDirectory(temporary.resolve("root"));
        root = TestRoot.in(temporary.resolve("root")).file("/usr/lib/real", "inside");
    }

    @AfterEach
    void letGo() throws IOException {
        tree().close();
    }

    private RootTree tree() {
        try {
            if (opened.isEmpty()) {
                opened = Optional.of(RootTree.open(root.path(), opener()));
            }
            return opened.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> read(String path) throws IOException {
        return tree().read(path).map(bytes -> new String(bytes, UTF_8));
    }

    @Test
    void absoluteAndRelativeLinksResolveInsideTheRoot() throws IOException {
        root.link("/absolute", "/usr/lib/real")
                .link("/usr/lib/relative", "../lib/real")
                .link("/lib", "usr/lib/")
                .link("/usr/share/chain", "/absolute")
                .file("/usr/etc/conf", "merged");
        assertThat(read("/absolute")).contains("inside");
        assertThat(read("/usr/lib/relative")).contains("inside");
        assertThat(read("/lib/real")).contains("inside");
        assertThat(read("/usr/share/chain")).contains("inside");
        assertThat(read("/etc/conf")).contains("merged");
        assertThat(read("usr//lib/./real")).contains("inside");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "/../secret",
                "../../secret",
                "../host/secret",
                "/usr/../../secret",
                "usr/lib/../../../secret",
                "/proc/self/root/etc/passwd"
            })
    void nothingLeadsOutOfTheRoot(String escape) throws IOException {
        root.link("/link", escape).link("/usr/deep/link", escape);
        assertThat(read(escape)).isEmpty();
        assertThat(read("/link")).isEmpty();
        assertThat(read("/usr/deep/link")).isEmpty();
        assertThat(tree().exists("/link")).isFalse();
        assertThat(tree().resolve("/link")).isEmpty();
    }

    @Test
    void aLinkToADirectoryBesideTheRootIsNotEntered() throws IOException {
        root.link("/up", "..").link("/host", temporary.toString());
        assertThat(read("/up/secret")).isEmpty();
        assertThat(read("/up/usr/lib/real")).contains("inside");
        assertThat(read("/host/secret")).isEmpty();
        assertThat(tree().list("/host")).isEmpty();
        assertThat(tree().list("/up").orElseThrow().names()).containsExactly("etc", "host", "up", "usr");
    }

    @ParameterizedTest
    @CsvSource({
        "/etc, /usr/etc",
        "/etc/x/../conf, /usr/etc/conf",
        "/../usr/lib/real, /usr/lib/real",
        "/usr/lib/, /usr/lib",
        "/, /",
        "/..,  /"
    })
    void resolveTellsThePathWithoutLinks(String path, String real) throws IOException {
        root.file("/etc/conf", "").directory("/etc/x");
        assertThat(tree().resolve(path)).contains(real);
    }

    @Test
    void whatIsNotThereIsEmpty() throws IOException {
        root.link("/dangling", "/nowhere");
        for (String path : new String[] {"/nowhere", "/dangling", "/usr/lib/real/below", "/usr/lib/real/", ""}) {
            assertThat(read(path)).as(path).isEmpty();
            assertThat(tree().exists(path)).as(path).isFalse();
            assertThat(tree().resolve(path)).as(path).isEmpty();
            assertThat(tree().list(path)).as(path).isEmpty();
        }
        assertThat(tree().readLink("/dangling")).contains("/nowhere");
        assertThat(tree().readLink("/usr/lib/real")).isEmpty();
        assertThat(tree().readLink("/usr")).isEmpty();
    }

    @Test
    void fortyLinksAreFollowedAndNoMore() throws IOException {
        root.link("/link1", "/usr/lib/real");
        for (int i = 2; i <= 41; i++) {
            root.link("/link" + i, "link" + (i - 1));
        }
        assertThat(read("/link40")).contains("inside");
        assertThat(tree().resolve("/link40")).contains("/usr/lib/real");
        assertUnreadable("/link41", Reason.LOOP);
    }

    @Test
    void aLoopIsToldAndDoesNotHang() {
        root.link("/a", "b").link("/b", "/a").link("/self", "self/self");
        assertUnreadable("/a", Reason.LOOP);
        assertUnreadable("/self", Reason.LOOP);
        assertThatThrownBy(() -> tree().resolve("/a")).isInstanceOf(UnreadableException.class);
    }

    @Test
    void aFifoOrASocketIsRefusedWithoutBlocking() throws IOException {
        root.fifo("/fifo").link("/to-fifo", "fifo");
        assertUnreadable("/fifo", Reason.NOT_A_FILE);
        assertUnreadable("/to-fifo", Reason.NOT_A_FILE);
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.path().resolve("socket")));
            assertUnreadable("/socket", Reason.NOT_A_FILE);
            assertThat(tree().kind("/socket")).contains(FileKind.OTHER);
        }
    }

    @Test
    void aDeviceIsRefused() {
        assumeTrue(madeDevice(), "only root with CAP_MKNOD can make a device");
        assertUnreadable("/zero", Reason.NOT_A_FILE);
    }

    private boolean madeDevice() {
        try {
            root.device("/zero");
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void aDirectoryIsNoFile() {
        assertUnreadable("/usr/lib", Reason.NOT_A_FILE);
        assertThatThrownBy(() -> tree().list("/usr/lib/real"))
                .isInstanceOfSatisfying(
                        UnreadableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_A_DIRECTORY));
    }

    @Test
    void theLimitIsTheLargestSizeThatIsRead() throws IOException {
        root.file("/six", "123456").file("/large", new byte[200_000]);
        assertThat(tree().read("/six", 6)).isPresent();
        assertThatThrownBy(() -> tree().read("/six", 5))
                .isInstanceOfSatisfying(
                        UnreadableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(tree().read("/large").orElseThrow()).hasSize(200_000);
    }

    @Test
    void aDirectoryWithManyEntriesIsListedInTheOrderOfItsBytes() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            root.file("/many/" + i, "");
        }
        root.file("/few/b", "").file("/few/a", "").file("/few/Z", "").file("/few/größe", "");
        assertThat(tree().list("/many").orElseThrow().names()).hasSize(3_000);
        assertThat(tree().list("/few").orElseThrow().names()).containsExactly("Z", "a", "b", "größe");
    }

    @Test
    void aDirectoryWithFarTooManyEntriesIsRefused() throws IOException {
        root.directory("/flood");
        TestRoot.run(
                "sh",
                "-c",
                "cd \"$0\" && seq 65540 | xargs touch",
                root.path().resolve("flood").toString());
        assertThatThrownBy(() -> tree().list("/flood"))
                .isInstanceOfSatisfying(
                        UnreadableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_ENTRIES));
    }

    @Test
    void aNameThatIsNotUtf8IsListedApart() throws IOException {
        root.file("/names/plain", "").foreignName("/names", ".toml");
        assertThat(tree().list("/names"))
                .contains(new RootTree.Listing(List.of("plain"), List.of(), List.of("\\xff.toml")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\uD800"})
    void aPathThatCannotBeAFileNameIsRefused(String path) {
        assertUnreadable(path, Reason.BAD_NAME);
    }

    @Test
    void anOverlongPathIsRefused() {
        assertUnreadable("/" + "a/".repeat(2048), Reason.BAD_NAME);
        assertUnreadable("/" + "a".repeat(256), Reason.BAD_NAME);
    }

    @Test
    void manyStepsBackAndForthEnd() throws IOException {
        String deep = "/" + "d/".repeat(500);
        root.directory(deep).link("/back", deep + "../".repeat(500) + "usr/lib/real");
        assertThat(read("/back")).contains("inside");
    }

    @Test
    void aFileIsCopiedOutForItsOwnerAlone() throws IOException {
        root.link("/etc/auth.json", "/usr/lib/real");
        Path copy = temporary.resolve("copy");
        tree().copyOut("/etc/auth.json", copy);
        assertThat(copy).hasContent("inside");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
    }

    @Test
    void aDirectoryIsCopiedOutOneLevelDeepWithItsRegularFiles() throws IOException {
        root.file("/certs/ca.crt", "ca")
                .link("/certs/client.key", "/usr/lib/real")
                .link("/certs/stolen", temporary.resolve("secret").toString())
                .fifo("/certs/fifo")
                .file("/certs/below/other", "");
        Path copy = temporary.resolve("copy");
        tree().copyOut("/certs", copy);
        assertThat(copy.resolve("ca.crt")).hasContent("ca");
        assertThat(copy.resolve("client.key")).hasContent("inside");
        try (Stream<Path> files = Files.list(copy)) {
            assertThat(files).hasSize(2);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rwx------");
    }

    @Test
    void afterAFailedCopyNothingIsLeftAndNothingIsOverwritten() throws IOException {
        root.file("/certs/a", "a").file("/certs/huge", new byte[(16 << 20) + 1]);
        Path copy = temporary.resolve("copy");
        assertThatThrownBy(() -> tree().copyOut("/certs", copy)).isInstanceOf(UnreadableException.class);
        assertThat(copy).doesNotExist();
        assertThatThrownBy(() -> tree().copyOut("/nowhere", copy)).isInstanceOf(NoSuchFileException.class);
        Files.writeString(copy, "mine");
        assertThatThrownBy(() -> tree().copyOut("/usr/lib/real", copy)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(copy).hasContent("mine");
    }

    @Test
    void readingLeavesNoDescriptorOpen() throws IOException {
        root.link("/loop", "loop").fifo("/fifo");
        everyWay();
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            everyWay();
        }
        assertThat(descriptors()).isLessThan(before + 25);
    }

    private void everyWay() throws IOException {
        for (String path : new String[] {"/usr/lib/real", "/nowhere", "/usr", "/etc/../usr/lib", "/loop", "/fifo"}) {
            for (Way way : new Way[] {tree()::read, tree()::list, tree()::resolve, tree()::readLink}) {
                try {
                    way.go(path);
                } catch (UnreadableException e) {
                    // Refusals must not leak either.
                }
            }
        }
    }

    private interface Way {
        Object go(String path) throws IOException;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void aClosedRootIsNotReadAnyMore() throws IOException {
        RootTree tree = tree();
        tree.close();
        tree.close();
        assertThatThrownBy(() -> tree.read("/usr/lib/real")).isInstanceOf(IllegalStateException.class);
    }

    private void assertUnreadable(String path, Reason reason) {
        assertThatThrownBy(() -> tree().read(path))
                .isInstanceOfSatisfying(
                        UnreadableException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
