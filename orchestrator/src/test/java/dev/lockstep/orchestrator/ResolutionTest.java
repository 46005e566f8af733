package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.Registry;
import dev.lockstep.podman.Retry;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolutionTest {
    private static final String MANIFEST =
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":"
                    + "\"sha256:" + "c".repeat(64) + "\",\"size\":1},\"layers\":[],\"x\":\"%s\"}";

    @TempDir
    Path runtime;

    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    /** A registry that takes its time, longer for what comes first, and fails as the repository's name says. */
    private ToolResult answer(ToolCall call) {
        String reference = call.arguments().get(call.arguments().size() - 1).substring("docker://".length());
        asked.merge(reference, 1, Integer::sum);
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            Thread.sleep(200 / reference.length());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            running.decrementAndGet();
        }
        if (reference.startsWith("gone.example")) {
            return failed("dial tcp: connect: connection refused");
        }
        if (reference.contains("missing")) {
            return failed("manifest unknown");
        }
        if (reference.contains("stop")) {
            cancellation.request();
            return new ToolResult(new Termination.Cancelled(), new byte[0], "");
        }
        return new ToolResult(
                new Termination.Exited(0), MANIFEST.formatted(reference).getBytes(StandardCharsets.UTF_8), "");
    }

    private static ToolResult failed(String errors) {
        return new ToolResult(new Termination.Exited(1), new byte[0], errors);
    }

    private List<Resolution.Answer> resolve(int parallel, BoundImage... images) {
        Configuration configuration = Configuration.DEFAULT;
        Retry never = new Retry(InstantSource.system(), new Random(), time -> true);
        RegistryCalls calls = new RegistryCalls(configuration, runtime, never, Progress.SILENT);
        ImageSources sources =
                new ImageSources(new OfflineImages(Optional.empty()), new Registry(this::answer), calls, runtime);
        return new Resolution(parallel, sources, cancellation)
                .resolve(
                        List.of(images),
                        Map.of(),
                        (path, destination) -> {
                            throw new NoSuchFileException(path);
                        },
                        index -> {});
    }

    private static BoundImage image(String reference, BoundImage.Mode mode) {
        return new BoundImage(ImageReference.parse(reference), mode, PullOptions.DEFAULT, List.of());
    }

    private static BoundImage bound(String reference) {
        return image(reference, BoundImage.Mode.BIND);
    }

    private static Optional<ErrorCode> code(Resolution.Answer answer) {
        return answer.failure().map(LockstepException::code);
    }

    @Test
    void answersComeInTheOrderOfTheQuestionsHoweverManyAreAskedAtOnce() {
        List<BoundImage> images = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            images.add(bound("registry.example/" + "a".repeat(1 + number % 5) + number + ":1"));
        }

        List<Resolution.Answer> answers = resolve(4, images.toArray(BoundImage[]::new));

        assertThat(answers).extracting(Resolution.Answer::image).isEqualTo(images);
        assertThat(answers)
                .allMatch(answer -> answer.resolved()
                        .filter(image -> image.reference().equals(answer.image().reference()))
                        .isPresent());
        assertThat(most.get()).isBetween(2, 4);
    }

    @Test
    void allFailuresAreTold() {
        List<Resolution.Answer> answers = resolve(
                3,
                bound("registry.example/missing-1:1"),
                bound("registry.example/a:1"),
                bound("h.example/missing-2:1"));

        assertThat(answers)
                .extracting(ResolutionTest::code)
                .containsExactly(
                        Optional.of(ErrorCode.IMAGE_NOT_FOUND),
                        Optional.empty(),
                        Optional.of(ErrorCode.IMAGE_NOT_FOUND));
    }

    @Test
    void aRegistryThatDoesNotAnswerIsToldOnceByItsFirstImage() {
        BoundImage[] images = new BoundImage[12];
        for (int number = 0; number < images.length; number++) {
            images[number] = bound("gone.example/a" + number + ":1");
        }

        List<Resolution.Answer> answers = resolve(3, images);

        assertThat(code(answers.get(0))).contains(ErrorCode.REGISTRY_UNREACHABLE);
        assertThat(answers.subList(1, 12)).allMatch(answer -> answer.failure().isEmpty());
        assertThat(asked).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void aPrefetchedImageThatCannotBeReachedHidesNoBoundOne() {
        List<Resolution.Answer> answers =
                resolve(1, image("gone.example/extra:1", BoundImage.Mode.PREFETCH), bound("gone.example/needed:1"));

        assertThat(answers).extracting(ResolutionTest::code).containsOnly(Optional.of(ErrorCode.REGISTRY_UNREACHABLE));
    }

    @Test
    void afterACancellationNothingIsAsked() {
        List<Resolution.Answer> answers = resolve(1, bound("registry.example/stop:1"), bound("registry.example/a:1"));

        assertThat(code(answers.get(0))).contains(ErrorCode.CANCELLED);
        assertThat(asked).hasSize(1);
    }
}
