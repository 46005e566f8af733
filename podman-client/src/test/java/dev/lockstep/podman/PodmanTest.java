package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.process.ToolCall;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What podman is told, word for word. */
class PodmanTest {
    private static final String DIGEST = "sha256:" + "1".repeat(64);
    private static final String CONFIG = "sha256:" + "2".repeat(64);
    private static final ResolvedImage IMAGE = new ResolvedImage(
            ImageReference.parse("registry.example/app:1"),
            DIGEST,
            DIGEST,
            CONFIG,
            List.of(new ResolvedImage.Blob("sha256:" + "3".repeat(64), 1000)));

    @TempDir
    Path directory;

    private final TestingTools tools = new TestingTools();
    private Podman podman =
            new Podman(tools, new StoreLocation(Path.of("/"), Path.of("/"), Path.of("/"), Path.of("/")));

    @BeforeEach
    void onAStore() {
        StoreLocation location = new StoreLocation(
                directory.resolve("storage"), Path.of("/seen/storage"), Path.of("/run/r"), Path.of("/run/t"));
        podman = new Podman(tools, location);
    }

    private static List<String> podmanWith(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "podman", "--root=/seen/storage", "--runroot=/run/r", "--tmpdir=/run/t", "--storage-driver=overlay"));
        command.addAll(List.of(words));
        return command;
    }

    private PullArguments arguments(Optional<Boolean> tlsVerify) {
        return new PullArguments(
                directory,
                Optional.of(Path.of("/run/auth")),
                tlsVerify,
                Optional.of("arm64"),
                Optional.empty(),
                Optional.of("v8"),
                Optional.of(Path.of("/run/certs")),
                Optional.of("/run/key"),
                Optional.of(Path.of("/run/policy")),
                Optional.empty());
    }

    @Test
    void pullsByDigestWithEveryOptionAndItsOwnScratchDirectory() throws Exception {
        podman.pull(IMAGE, arguments(Optional.of(false)), PullWatch.none());

        assertThat(tools.commands())
                .containsExactly(podmanWith(
                        "pull",
                        "--quiet",
                        "--authfile=/run/auth",
                        "--cert-dir=/run/certs",
                        "--decryption-key=/run/key",
                        "--signature-policy=/run/policy",
                        "--tls-verify=false",
                        "--arch=arm64",
                        "--variant=v8",
                        "registry.example/app@" + DIGEST));
        Map<String, String> environment = tools.calls().get(0).environment();
        assertThat(environment.get("TMPDIR")).startsWith("/seen/tmp/pull-");
        assertThat(environment).containsEntry("CONTAINERS_STORAGE_CONF", "/seen/storage.conf");
        assertThat(directory.resolve("storage.conf")).content().contains("graphroot = \"/seen/storage\"");
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void anImageOfADirectoryIsPulledUnderItsOwnNameFromElsewhere() throws Exception {
        OciFixture fixture = new OciFixture(directory.resolve("stick"));
        PullOptions options = new PullOptions(
                Optional.of("/etc/not-here/auth.json"),
                Optional.of(true),
                Optional.of("arm64"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("/etc/not-here/certs"),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
        RootFiles root = (path, destination) -> {
            throw new NoSuchFileException(path);
        };
        Path runtime = directory.resolve("run");
        try (LoopbackRegistry registry = LoopbackRegistry.offering(fixture.open());
                PullArguments arguments = PullArguments.from(registry, IMAGE.reference(), root, options, runtime)) {
            podman.pull(IMAGE, arguments, PullWatch.none());

            assertThat(tools.commands())
                    .containsExactly(podmanWith("pull", "--quiet", "--arch=arm64", "registry.example/app@" + DIGEST));
            Path home =
                    Path.of(String.valueOf(tools.calls().get(0).environment().get("HOME")));
            assertThat(home).startsWith(runtime);
            assertThat(home.resolve(".config/containers/registries.conf.d/zz-lockstep.conf"))
                    .hasContent("[[registry]]\nprefix = \"registry.example/app\"\nlocation = \"" + registry.repository()
                            + "\"\ninsecure = true\n");
        }
        assertThat(runtime).isEmptyDirectory();
    }

    @Test
    void pinsWithAStoppedContainerThatNeedsNoCommandAndNoNetwork() throws Exception {
        tools.answer("[]");

        podman.pin("a-transaction", List.of(IMAGE), image -> {});

        assertThat(tools.commands().get(1))
                .startsWith(podmanWith("create", "--pull=never", "--network=none", "--image-volume=ignore")
                        .toArray(String[]::new))
                .contains("--label=dev.lockstep.transaction=a-transaction")
                .contains("--label=dev.lockstep.reference=registry.example/app:1")
                .endsWith("registry.example/app@" + DIGEST, "/pin");
        assertThat(tools.calls().get(1).effect()).isEqualTo(new ToolCall.Effect.Changes("podman-create", true));
    }

    @Test
    void keepsAPinThatIsEqualAndMakesAnotherAnew() throws Exception {
        tools.answer("[]");
        podman.pin("t", List.of(IMAGE), image -> {});
        String name = tools.commands().get(1).stream()
                .filter(word -> word.startsWith("--name="))
                .map(word -> word.substring("--name=".length()))
                .findFirst()
                .orElseThrow();
        String equal =
                "[{\"Id\":\"c\",\"Names\":[\"%s\"],\"ImageID\":\"%s\",\"Labels\":{\"dev.lockstep.digest\":\"%s\"}}]";

        tools.answer(equal.formatted(name, "2".repeat(64), DIGEST));
        podman.pin("t", List.of(IMAGE), image -> {});
        assertThat(tools.commands()).hasSize(3);

        tools.answer(equal.formatted(name, "9".repeat(64), DIGEST));
        podman.pin("t", List.of(IMAGE), image -> {});
        assertThat(tools.commands().get(4)).isEqualTo(podmanWith("rm", "--force", name));
        assertThat(tools.commands().get(5)).contains("create");
    }

    @Test
    void readsBackWhatItPinned() throws Exception {
        String labels = PinLabels.of("t", IMAGE).entrySet().stream()
                .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                .collect(java.util.stream.Collectors.joining(","));
        tools.answer("[{\"Id\":\"c\",\"Labels\":{" + labels
                + "}},{\"Id\":\"d\",\"Labels\":{\"dev.lockstep.transaction\":\"x\"}}]");

        assertThat(podman.pins()).containsExactly(new Podman.Pin("c", "t", IMAGE));
    }

    @Test
    void unpinsATransactionAndNothingWhenThereIsNothing() throws Exception {
        tools.answer("[]");
        podman.unpin("t");
        assertThat(tools.commands()).hasSize(1);

        tools.answer("[{\"Id\":\"c1\"},{\"Id\":\"c2\"}]");
        podman.unpin("t");
        assertThat(tools.commands().get(2)).isEqualTo(podmanWith("rm", "--force", "c1", "c2"));
    }

    @Test
    void bindsATagToAnImageByItsId() throws Exception {
        podman.tag(CONFIG, ImageReference.parse("registry.example/app:1"));

        assertThat(tools.commands()).containsExactly(podmanWith("tag", "2".repeat(64), "registry.example/app:1"));
    }

    @Test
    void refusesAPodmanThatIsTooOld() {
        tools.answer("podman version 4.2.0\n");

        assertThatThrownBy(podman::checkVersion)
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.TOOL_TOO_OLD))
                .hasMessageContaining("4.2.0");
    }

    @Test
    void takesTheOldestThatWorksAndNewerOnes() throws Exception {
        for (String version : List.of("4.3.0", "4.3.1", "5.4.2", "6.0.0-rc1")) {
            tools.answer("podman version " + version + "\n");
            tools.answer("skopeo version 1.9.3\n");
            podman.checkVersion();
        }
    }
}
