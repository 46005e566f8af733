package dev.lockstep.manifest;

import static dev.lockstep.manifest.Told.images;
import static dev.lockstep.manifest.Told.onlyImage;
import static dev.lockstep.manifest.Told.places;
import static dev.lockstep.manifest.Told.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a unit that builds an image on the host needs there. */
final class QuadletBuildTest {
    private static final String CONTAINERFILE = TestRoot.QUADLETS + "/Containerfile";
    private static final String BUILD = "[Build]\nImageTag=localhost/app\nSetWorkingDirectory=unit\n";

    @TempDir
    Path temporary = Path.of("");

    private TestRoot root = TestRoot.bare(temporary);

    @BeforeEach
    void freshRoot() {
        root = TestRoot.in(temporary.resolve("root"));
    }

    /** Texts of the images of a Containerfile, {@code ?VARIABLE} for one that is not known, and what is special about them. */
    private static String needed(String text, String target) {
        List<String> words = BuildStages.images(
                        Containerfile.parse(text.replace('~', '\n')),
                        Map.of("GIVEN", "given", "TAG", "9"),
                        Optional.of(target).filter(name -> !name.isEmpty()))
                .stream()
                .map(image -> image.unknown().map(name -> "?" + name).orElse(image.text())
                        + image.platform().map(platform -> " on " + platform).orElse("")
                        + (image.isMounted() ? " mounted" : "")
                        + ":" + image.at().line())
                .toList();
        return String.join(", ", words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FROM a/b:1|a/b:1:1",
                "# comment~~from a/b:1 as x~RUN x|a/b:1:3",
                "FROM \\~  a/b:1 \\~# comment~~  AS x|a/b:1:1",
                "# syntax=x~# escape=^~FROM a/^~b|a/b:3",
                "#~# escape=^~FROM a/b^~RUN x|a/b^:3",
                "FROM scratch|",
                "FROM a/b AS base~FROM base|a/b:1",
                "FROM a/b AS Base~FROM BASE~RUN x|a/b:1",
                "FROM a/b AS a/b~FROM c/d|c/d:2",
                "FROM a/unused AS unused~FROM a/b|a/b:2",
                "FROM a/one~FROM a/two~COPY --from=0 /x /y|a/two:2, a/one:1",
                "FROM a/one~COPY --from=1 /x /y~FROM a/two|a/two:3",
                "FROM a/b~COPY --chown=1 --from=c/d /x /y|a/b:1, c/d:2",
                "FROM a/b~COPY x --from=c/d|a/b:1",
                "FROM a/b~RUN --network=none --mount=type=bind,from=c/d,target=/x x --mount=from=no|a/b:1, c/d mounted:2",
                "FROM a/b AS s~FROM c/d~RUN --mount=from=s,target=/x x|c/d:2, a/b:1",
                "FROM --platform=linux/arm64/v8 a/b|a/b on linux/arm64/v8:1",
                "FROM --platform=$BUILDPLATFORM a/b~FROM --platform=${TARGETPLATFORM} c/d|c/d:2",
                "FROM --platform=$X a/b|?$X:1",
                "ARG V=1~FROM a/b:$V|a/b:1:2",
                "ARG V=1 W=2~FROM a/b:${V}.${W}|a/b:1.2:2",
                "ARG TAG=1~FROM a/b:$TAG|a/b:9:2",
                "ARG GIVEN~FROM a/$GIVEN|a/given:2",
                "FROM a/$GIVEN|?$GIVEN:1",
                "ARG V~FROM a/b:$V|?$V:2",
                "ARG V~FROM a/b:${V:-3}|a/b:3:2",
                "ARG V=~FROM a/b:${V:-3}${V-4}|a/b:3:2",
                "ARG V=1~FROM a/b:${V:+3}${W+4}|a/b:3:2",
                "ARG V=1~ARG W=$V.5~FROM a/b:${W}|a/b:1.5:3",
                "ARG W=$V~FROM a/b:${W}|?${W}:2",
                "ARG V='1'~ARG W=\"2\"~FROM \"a/b:$V$W\"|a/b:12:3",
                "FROM a/b:${V:-${W}}|?${V:-${W}:1",
                "FROM a/b:\\$V|a/b:$V:1",
                "FROM a/b~ARG V=1~FROM c/d:$V|?$V:3",
                "FROM a/b~RUN <<EOF~FROM no/no~EOF~COPY --from=c/d x y|a/b:1, c/d:5",
                "FROM a/b~RUN <<-'E' cat <<\"F\"~\tE~FROM no/no~F~COPY --from=c/d x y|a/b:1, c/d:6",
                "FROM a/b~RUN x <<EOF|a/b:1",
                "RUN x|"
            })
    void theImagesOfAContainerfile(String text, String images) {
        assertThat(needed(text, "")).isEqualTo(images == null ? "" : images);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"one|a/one:1", "ONE|a/one:1", "0|a/one:1", "two|a/two:2", "none|"})
    void theTargetDecidesWhichStagesAreBuilt(String target, String images) {
        String text = "FROM a/one AS one~FROM a/two AS two~FROM a/three";
        assertThat(needed(text, target)).isEqualTo(images == null ? "" : images);
    }

    @Test
    void aBuildBindsWhatItBuildsFromWithItsOptions() {
        root.bound("app.build", BUILD + "AuthFile=/etc/auth.json\nTLSVerify=false\nArch=arm64\nBuildArg=V=2\n")
                .file(CONTAINERFILE, "ARG V=1\nFROM quay.io/base:$V\n");
        BoundImage image = onlyImage(root.read());
        assertThat(image.reference()).hasToString("quay.io/base:2");
        assertThat(places(image)).containsExactly(CONTAINERFILE + ":2 build");
        assertThat(image.pull().authFile()).contains("/etc/auth.json");
        assertThat(image.pull().tlsVerify()).contains(false);
        assertThat(image.pull().architecture()).contains("arm64");
        assertThat(image.sources().getFirst().use().service()).contains("app-build.service");
    }

    @Test
    void argumentsGiveValuesTooAndAPlatformOfAnInstructionComesFirst() {
        root.bound("app.build", BUILD + "PodmanArgs=--build-arg V=2 --pull --tls-verify=false\nVariant=v7\n")
                .file(CONTAINERFILE, "ARG V\nFROM --platform=linux/arm64/v8 quay.io/base:$V\n");
        PullOptions pull = onlyImage(root.read()).pull();
        assertThat(pull.architecture()).contains("arm64");
        assertThat(pull.variant()).contains("v8");
        assertThat(pull.tlsVerify()).contains(false);
    }

    @Test
    void aContainerAndAVolumeBringWhatTheirImageIsBuiltFrom() {
        root.bound("web.container", "[Container]\nImage=app.build\n")
                .bound("data.volume", "[Volume]\nDriver=image\nImage=app.build\n")
                .file(TestRoot.QUADLETS + "/app.build", BUILD)
                .file(CONTAINERFILE, "FROM quay.io/base:1\n");
        assertThat(onlyImage(root.read()).sources()).hasSize(1);
    }

    @Test
    void aBuildFromAnotherBuildBringsThatOnesBase() {
        root.bound("app.build", BUILD)
                .file(CONTAINERFILE, "FROM localhost/base\n")
                .file(
                        TestRoot.QUADLETS + "/base.build",
                        "[Build]\nImageTag=localhost/base:latest\nFile=/usr/share/base\n")
                .file("/usr/share/base", "FROM quay.io/base:1\nCOPY --from=localhost/app /x /y\n");
        assertThat(images(root.read())).containsExactly("quay.io/base:1");
        assertThat(root.read().problems()).isEmpty();
    }

    @Test
    void buildsAreBoundWithAllQuadletFilesAndByTheirPlace() throws IOException {
        root.file(TestRoot.QUADLETS + "/bootc-bound/app.build", BUILD)
                .file(TestRoot.QUADLETS + "/bootc-bound/Containerfile", "FROM quay.io/a:1\n")
                .file(TestRoot.QUADLETS + "/other.build", BUILD)
                .file(CONTAINERFILE, "FROM quay.io/b:1\n");
        assertThat(images(root.read())).containsExactly("quay.io/a:1");
        try (RootTree tree = RootTree.open(root.path())) {
            assertThat(images(BoundImages.of(tree, BoundImages.Quadlets.ALL)))
                    .containsExactlyInAnyOrder("quay.io/a:1", "quay.io/b:1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SetWorkingDirectory=unit|Dockerfile",
                "SetWorkingDirectory=/usr/share/ctx|/usr/share/ctx/Containerfile",
                "SetWorkingDirectory=ctx|ctx/Dockerfile",
                "SetWorkingDirectory=unit~File=Other|Other",
                "SetWorkingDirectory=file~File=Other|Other",
                "SetWorkingDirectory=/usr/share/ctx~File=Other|/usr/share/ctx/Other",
                "File=/usr/share/Other|/usr/share/Other",
                "File=%T/../usr/share/Other|/usr/share/Other",
                "File=/usr/share/Other~SetWorkingDirectory=https://example.com/x.git|/usr/share/Other",
                "File=Other~[Service]~WorkingDirectory=/usr/share/ctx|/usr/share/ctx/Other",
                "SetWorkingDirectory=ctx~[Service]~WorkingDirectory=/usr/share/ctx|/usr/share/ctx/Containerfile"
            })
    void theContainerfileIsFoundWherePodmanLooks(String lines, String file) {
        String path = file.startsWith("/") ? file : TestRoot.QUADLETS + "/" + file;
        root.bound("app.build", "[Build]\nImageTag=localhost/app\n" + lines.replace('~', '\n') + "\n")
                .file(path, "FROM quay.io/base:1\n");
        assertThat(places(onlyImage(root.read()))).containsExactly(path + ":1 build");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "File=https://example.com/Containerfile|FROM quay.io/a|QUADLET_BUILD app.build:3 File",
                "SetWorkingDirectory=https://example.com/x.git|FROM quay.io/a|QUADLET_BUILD app.build:3 SetWorkingDirectory",
                "File=/none|FROM quay.io/a|FILE_UNREADABLE app.build:3 File",
                "SetWorkingDirectory=/none|FROM quay.io/a|FILE_UNREADABLE app.build:3 SetWorkingDirectory",
                "SetWorkingDirectory=%m|FROM quay.io/a|QUADLET_SPECIFIER app.build:3 SetWorkingDirectory",
                "SetWorkingDirectory=unit|FROM quay.io/a:$V|QUADLET_BUILD Containerfile:1 FROM",
                "SetWorkingDirectory=unit|FROM a|IMAGE_REFERENCE Containerfile:1 FROM",
                "SetWorkingDirectory=unit|FROM localhost/a|QUADLET_BUILD Containerfile:1 FROM",
                "SetWorkingDirectory=unit|RUN x|QUADLET_BUILD Containerfile",
                "SetWorkingDirectory=unit~PodmanArgs=--from=x/y|FROM scratch|QUADLET_ARGUMENT app.build:4 PodmanArgs",
                "SetWorkingDirectory=unit~PodmanArgs=/context|FROM scratch|QUADLET_ARGUMENT app.build:4 PodmanArgs",
                "SetWorkingDirectory=unit~PodmanArgs=--creds=secret|FROM quay.io/a|QUADLET_VALUE app.build:4 --creds",
                "Image=x|FROM quay.io/a|QUADLET_UNKNOWN_KEY app.build:3 Image"
            })
    void whatIsNotKnownBeforeTheHostBuildsIsAnErrorWithAHint(String lines, String from, String problem) {
        root.bound("app.build", "[Build]\nImageTag=localhost/app\n" + lines.replace('~', '\n') + "\n")
                .file(CONTAINERFILE, from + "\n");
        BoundImages bound = root.read();
        assertThat(problems(bound)).contains(problem);
        assertThat(bound.failed()).isTrue();
        assertThat(bound.problems()).allSatisfy(told -> assertThat(told.hint()).isNotBlank());
        assertThat(bound.toString()).doesNotContain("secret");
    }

    @Test
    void aBuildWithoutAnythingToBuildIsRejected() {
        assertThat(problems(root.bound("app.build", "[Build]\n").read()))
                .containsExactly("QUADLET_NO_IMAGE app.build", "QUADLET_REJECTED app.build");
    }

    @Test
    void anImageThatIsMountedWhileBuildingIsInThePrimaryStore() {
        root.bound("app.build", BUILD).file(CONTAINERFILE, "FROM scratch\nRUN --mount=from=quay.io/a:1,target=/a x\n");
        assertThat(onlyImage(root.read()).sources().getFirst().use().primaryOnly())
                .isTrue();
    }

    @Test
    void aContainerfileOfVeryManyStagesIsRefused() {
        root.bound("app.build", BUILD).file(CONTAINERFILE, "FROM quay.io/a\n".repeat(501));
        assertThat(problems(root.read())).containsExactly("QUADLET_BUILD Containerfile");
    }
}
