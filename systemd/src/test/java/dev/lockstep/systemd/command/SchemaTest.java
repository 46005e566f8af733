package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.ImageUse;
import dev.lockstep.manifest.Lint;
import dev.lockstep.manifest.Placement;
import dev.lockstep.manifest.Problem;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.orchestrator.Progress;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.systemd.json.JsonOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as JSON keep to the schemas that are published. */
class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCHEMAS = Path.of("../docs/schema");

    private static final Reports.Image IMAGE = new Reports.Image(
            "registry.example/a:1", "bind", Optional.of("sha256:00"), 42, Reports.ImageState.PRESENT, "");
    private static final Reports.Plan PLAN = new Reports.Plan(3, 1, 4, 1000, 3500, 10_000, List.of("the rest"));
    private static final Reports.Image UNRESOLVED = new Reports.Image(
            "registry.example/b:1", "prefetch", Optional.empty(), 0, Reports.ImageState.UNRESOLVED, "");
    private static final Reports.DeploymentStatus DEPLOYMENT = new Reports.DeploymentStatus(
            "next", "2", "0".repeat(64), 0, Optional.of("2"), Optional.empty(), List.of(IMAGE, UNRESOLVED), true);
    private static final Reports.TransactionStatus TRANSACTION = new Reports.TransactionStatus(
            "id", "open", "registry.example/os:3", Optional.empty(), Instant.EPOCH, List.of(UNRESOLVED));

    /** The name of a schema and a document that must keep to it. */
    record Sample(String name, String document) {}

    private static Sample answer(String name, Object report) {
        return new Sample(name, JsonOutput.text("dev.lockstep." + name + "/v1", report));
    }

    private static Reports.Outcome outcome(Reports.Result result) {
        return new Reports.Outcome(
                result,
                "words",
                Optional.of("id"),
                Optional.empty(),
                Optional.of("2"),
                List.of(IMAGE),
                1,
                0,
                33,
                4,
                List.of("n"));
    }

    private static BoundImage.Source source(BoundImage.Kind kind) {
        ImageUse.Stores stores =
                new ImageUse.Stores(Optional.of("/r"), Optional.empty(), List.of("/s"), List.of("STORAGE_OPTS=x"));
        return new BoundImage.Source(
                "/usr/a.container",
                2,
                kind,
                new ImageUse(
                        Optional.of("a.service"),
                        stores,
                        true,
                        List.of("podman", "image", "pull", "x"),
                        kind == BoundImage.Kind.MOUNT ? Placement.PRIMARY : Placement.BOOTC));
    }

    private static BoundImages bound() {
        BoundImage image = new BoundImage(
                ImageReference.parse("registry.example/a:1"),
                BoundImage.Mode.BIND,
                PullOptions.DEFAULT.withTlsVerify(Optional.of(false)),
                Stream.of(BoundImage.Kind.values()).map(SchemaTest::source).toList());
        Problem problem = new Problem(
                Problem.Severity.ERROR,
                "QUADLET_SPECIFIER",
                "/usr/b.image",
                OptionalInt.of(3),
                Optional.of("Image"),
                "m",
                "h");
        Problem without = new Problem(
                Problem.Severity.WARNING, "FILE_NAME", "/usr/c", OptionalInt.empty(), Optional.empty(), "m", "h");
        return new BoundImages(List.of(image), List.of(problem, without));
    }

    static List<Sample> samples() {
        return List.of(
                answer(
                        "status",
                        new Reports.Status(
                                "/",
                                "os",
                                "words",
                                List.of(DEPLOYMENT),
                                Optional.of(TRANSACTION),
                                Optional.of("x.0"),
                                false,
                                List.of("n"))),
                answer(
                        "status",
                        new Reports.Status(
                                "/", "os", "w", List.of(), Optional.empty(), Optional.empty(), true, List.of())),
                answer("upgrade", outcome(Reports.Result.COMMITTED)),
                answer("upgrade", outcome(Reports.Result.UNCHANGED)),
                answer("retry", outcome(Reports.Result.READY)),
                answer("commit", outcome(Reports.Result.COMMITTED)),
                answer("abort", outcome(Reports.Result.ABORTED)),
                answer("rollback", outcome(Reports.Result.ROLLED_BACK)),
                answer("adopt", outcome(Reports.Result.COMMITTED)),
                answer("resume", outcome(Reports.Result.COMMITTED)),
                answer("close", outcome(Reports.Result.UNCHANGED)),
                answer("repair", outcome(Reports.Result.UNCHANGED)),
                answer("verify", new Reports.Verification(true, List.of(DEPLOYMENT), false)),
                answer(
                        "images-pull",
                        new Reports.Pulled("/r", "/s/storage", "words", List.of(IMAGE, UNRESOLVED), 1, 0, 9, 4)),
                answer("check", new Reports.Check("t", "d", Optional.empty(), true, PLAN)),
                answer("bind", new Reports.Binding("x.0", List.of(new Reports.Binding.Tag("t", "d")), 1)),
                answer(
                        "gc",
                        new Reports.Collection(
                                false,
                                Optional.empty(),
                                "words",
                                List.of(new Reports.Collected("sha256:00", List.of("a:1"), 7)),
                                3,
                                7,
                                1,
                                List.of("n"))),
                answer(
                        "history",
                        new HistoryCommand.Answer(
                                List.of(new Reports.HistoryEntry(
                                        Instant.EPOCH,
                                        "began",
                                        Optional.empty(),
                                        Optional.of("t"),
                                        Optional.of("c.0"),
                                        Optional.empty(),
                                        "",
                                        Optional.of("boot"),
                                        Optional.of("d.0"))),
                                List.of(new Boots.Boot(
                                        "boot", Optional.of(Instant.EPOCH), Optional.empty(), Optional.of("d.0"))))),
                answer("error", Map.of("code", "LOCK_HELD", "message", "m", "state", "", "hint", "h", "exitStatus", 3)),
                new Sample(
                        "lint",
                        LintCommand.json(
                                Path.of("/root"),
                                new Lint(bound().problems(), List.of(), List.of()),
                                List.of(Path.of("/root/a")))),
                new Sample("images", ImageLists.json(Path.of("/root"), bound())),
                told(progress -> progress.step(Progress.Step.PULL, "3 images")),
                told(progress -> progress.image(1, 3, "registry.example/a:1", "pulling 4 MiB")),
                told(progress -> progress.warning("w")),
                told(progress -> progress.plan(new Progress.Plan(3, 1, 4, 1000, 3500, 10_000))),
                told(progress -> progress.transfer(new Progress.Transfer("registry.example/a:1", 1, 2, 3, 4))));
    }

    private static Sample told(Consumer<Progress> telling) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        telling.accept(new JsonLinesProgress(line));
        return new Sample("progress", line.toString(StandardCharsets.UTF_8));
    }

    private static JsonSchema schema(String name) throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(SCHEMAS.resolve(name + "-v1.json")));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void anAnswerKeepsToItsSchema(Sample sample) throws IOException {
        assertThat(schema(sample.name()).validate(JSON.readTree(sample.document())))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aDocumentWithAKeyTooManyOrTooFewDoesNot(Sample sample) throws IOException {
        JsonNode document = JSON.readTree(sample.document());
        ObjectNode more = document.deepCopy();
        more.put("nobodyKnowsThis", 1);
        ObjectNode fewer = document.deepCopy();
        fewer.remove("schema");

        assertThat(schema(sample.name()).validate(more)).isNotEmpty();
        assertThat(schema(sample.name()).validate(fewer)).isNotEmpty();
    }
}
