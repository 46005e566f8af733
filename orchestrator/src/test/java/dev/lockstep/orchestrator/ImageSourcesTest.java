package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.Retry;
import dev.lockstep.podman.RootFiles;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourcesTest {
    private static final RootFiles NO_ROOT = (path, destination) -> {
        throw new NoSuchFileException(path);
    };
    private static final BoundImage HELD = bound("registry.example/held:1");
    private static final BoundImage ELSEWHERE = bound("registry.example/elsewhere:1");

    @TempDir
    Path path = Path.of("");

    private final List<ToolCall> asked = new ArrayList<>();

    private static BoundImage bound(String reference) {
        return new BoundImage(ImageReference.parse(reference), BoundImage.Mode.BIND, PullOptions.DEFAULT, List.of());
    }

    private String blob(String content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        String hex = HexFormat.of().formatHex(digest);
        Files.writeString(
                Files.createDirectories(path.resolve("stick/blobs/sha256")).resolve(hex), content);
        return "sha256:" + hex;
    }

    /** A directory that holds one image. */
    private OfflineImages stick() throws Exception {
        String manifest = blob(
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                        + blob("{}") + "\",\"size\":2},\"layers\":[{\"digest\":\"" + blob("layer")
                        + "\",\"size\":5}]}");
        Files.writeString(path.resolve("stick/oci-layout"), "{}");
        Files.writeString(
                path.resolve("stick/index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" + manifest
                        + "\",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + HELD.reference()
                        + "\"}}]}");
        OfflineImages offline = new OfflineImages(Optional.of(new OciDirectory(path.resolve("stick"))));
        offline.open();
        return offline;
    }

    private ToolResult refuse(ToolCall call) {
        asked.add(call);
        return new ToolResult(new Termination.Exited(1), new byte[0], "dial tcp: connect: connection refused");
    }

    private ImageSources sources(OfflineImages offline) {
        Retry retry = new Retry(InstantSource.system(), new Random(), time -> false);
        RegistryCalls calls = new RegistryCalls(Configuration.DEFAULT, path.resolve("run"), retry, Progress.SILENT);
        return new ImageSources(offline, new Registry(this::refuse), calls, path.resolve("run"));
    }

    @Test
    void aRegistryIsNotAskedForWhatTheDirectoryHolds() throws Exception {
        try (OfflineImages offline = stick()) {
            ImageSources sources = sources(offline);

            ResolvedImage image = sources.resolve(HELD, NO_ROOT);
            boolean redirected = sources.fetch(
                    new ImageKeeper.Wanted(HELD, image),
                    NO_ROOT,
                    arguments -> arguments.home().isPresent());

            assertThat(redirected).isTrue();
            assertThat(sources.directory(image)).contains(new OciDirectory(path.resolve("stick")));
            assertThat(asked).isEmpty();
            assertThat(path.resolve("run")).isEmptyDirectory();
        }
    }

    @Test
    void whatItLacksIsAskedForOnceAndNamedWithTheDirectory() throws Exception {
        try (OfflineImages offline = stick()) {
            assertThatThrownBy(() -> sources(offline).resolve(ELSEWHERE, NO_ROOT))
                    .isInstanceOfSatisfying(LockstepException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.REGISTRY_UNREACHABLE);
                        assertThat(e.getMessage())
                                .contains(
                                        path.resolve("stick").toString(),
                                        ELSEWHERE.reference().toString());
                        assertThat(e.hint()).contains("--to oci:" + path.resolve("stick"));
                    });
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void withoutADirectoryARegistryIsAskedAsOftenAsIsConfigured() {
        try (OfflineImages offline = new OfflineImages(Optional.empty())) {
            assertThatThrownBy(() -> sources(offline).resolve(ELSEWHERE, NO_ROOT))
                    .hasMessageNotContaining("does not hold");
            assertThat(asked).hasSize(1 + Configuration.DEFAULT.fetching().retries());
        }
    }

    @Test
    void aMediumThatIsGoneIsAnErrorForWhoNamesItAndAWarningForWhoGoesOn() throws IOException {
        OciDirectory gone = new OciDirectory(path.resolve("gone"));
        List<String> warnings = new ArrayList<>();
        Progress progress = new Progress.Silent() {
            @Override
            public void warning(String text) {
                warnings.add(text);
            }
        };
        try (OfflineImages named = new OfflineImages(Optional.of(gone));
                OfflineImages remembered = new OfflineImages(Optional.empty())) {
            assertThatThrownBy(named::open)
                    .isInstanceOfSatisfying(
                            LockstepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OCI_UNUSABLE));
            remembered.openAgain(Optional.of(gone), progress);
            assertThat(warnings).singleElement().asString().contains(gone.toString());
            assertThat(remembered.images()).isEmpty();
        }
    }
}
