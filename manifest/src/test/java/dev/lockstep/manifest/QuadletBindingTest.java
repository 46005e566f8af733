package dev.lockstep.manifest;

import static dev.lockstep.manifest.Told.images;
import static dev.lockstep.manifest.Told.onlyImage;
import static dev.lockstep.manifest.Told.places;
import static dev.lockstep.manifest.Told.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.BoundImage.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links of {@code bound-images.d} to Quadlet files. */
final class QuadletBindingTest {
    @TempDir
    Path temporary = Path.of("");

    private TestRoot root = TestRoot.bare(temporary);

    @BeforeEach
    void freshRoot() {
        root = TestRoot.in(temporary);
    }

    @Test
    void anEmptyRootBindsNothing() {
        assertThat(root.read()).isEqualTo(new BoundImages(List.of(), List.of()));
    }

    @Test
    void anImageFileIsBoundWithAllThatItSaysOfThePull() {
        BoundImage image = onlyImage(root.bound("app.image", """
                [Unit]
                Description=The app
                [Image]
                Image=quay.io/org/app:1
                AuthFile=/etc/auth.json
                TLSVerify=False
                Arch=arm64
                OS=linux
                Variant=arm/v5
                CertDir="/etc/certs/100%%"
                DecryptionKey=/etc/key:pass
                Policy=missing
                Retry=3
                RetryDelay=1m30s
                ServiceName=app-image
                ContainersConfModule=/etc/module.conf
                """).read());
        assertThat(image.reference()).hasToString("quay.io/org/app:1");
        assertThat(image.mode()).isEqualTo(Mode.BIND);
        assertThat(places(image)).containsExactly("/usr/share/containers/systemd/app.image:4 image");
        assertThat(image.pull())
                .isEqualTo(new PullOptions(
                        Optional.of("/etc/auth.json"),
                        Optional.of(false),
                        Optional.of("arm64"),
                        Optional.of("linux"),
                        Optional.of("arm/v5"),
                        Optional.of("/etc/certs/100%"),
                        Optional.of("/etc/key:pass"),
                        Optional.empty(),
                        OptionalInt.of(3),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.empty()));
        assertThat(image.pull().decryptionKeyFile()).contains("/etc/key");
        assertThat(image.toString()).contains("/etc/key").doesNotContain("pass");
    }

    @Test
    void aContainerIsBoundByTheLastImageItNames() {
        BoundImage image = onlyImage(root.bound("web.container", """
                [Container]
                Image=quay.io/org/old:1
                Exec=sleep \\
                  infinity
                [Container]
                Image=docker.io/nginx
                """).read());
        assertThat(image.reference()).hasToString("docker.io/library/nginx:latest");
        assertThat(places(image)).containsExactly("/usr/share/containers/systemd/web.container:6 container");
        assertThat(image.pull()).isEqualTo(PullOptions.DEFAULT);
    }

    @Test
    void aContainerThatNamesAnImageFileIsBoundByWhatThatFileFetches() {
        root.bound("web.container", "[Container]\nImage=app.image\n")
                .file("/etc/containers/systemd/deep/er/app.image", "[Image]\nImage=quay.io/org/app:2\nArch=arm64\n")
                .file(TestRoot.QUADLETS + "/app.image", "[Image]\nImage=quay.io/org/vendor:1\n");
        BoundImage image = onlyImage(root.read());
        assertThat(image.reference()).hasToString("quay.io/org/app:2");
        assertThat(image.pull().architecture()).contains("arm64");
        assertThat(image.sources().getFirst().line()).isEqualTo(2);
    }

    @Test
    void quadletDirectoriesOfUsersAndDropInsAreNotSearched() {
        root.bound("web.container", "[Container]\nImage=app.image\n")
                .file("/etc/containers/systemd/users/app.image", "[Image]\nImage=quay.io/org/user:1\n")
                .file(TestRoot.QUADLETS + "/x.d/app.image", "[Image]\nImage=quay.io/org/dropin:1\n")
                .link(TestRoot.QUADLETS + "/loop", "..");
        assertThat(problems(root.read())).containsExactly("QUADLET_NOT_FOUND web.container:2 Image");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Image=nginx|IMAGE_REFERENCE app.image:2 Image",
                "Image=oci:/x|IMAGE_REFERENCE app.image:2 Image",
                "Image=quay.io/a:%v|QUADLET_SPECIFIER app.image:2 Image",
                "Image=quay.io/a:${V}|QUADLET_SPECIFIER app.image:2 Image",
                "Image=\"quay.io/a|QUADLET_SYNTAX app.image:2 Image",
                "Image=quay.io/a~Image=|QUADLET_NO_IMAGE app.image",
                "Imagee=quay.io/a~Image=quay.io/a|QUADLET_UNKNOWN_KEY app.image:2 Imagee",
                "Image=quay.io/a~Creds=hunter2|QUADLET_VALUE app.image:3 Creds",
                "Image=quay.io/a~Creds=:hunter2|QUADLET_VALUE app.image:3 Creds",
                "Image=quay.io/a~Creds=me:hunter2%m|QUADLET_SPECIFIER app.image:3 Creds",
                "Image=quay.io/a~AllTags=yes|QUADLET_UNSUPPORTED_KEY app.image:3 AllTags",
                "Image=quay.io/a~PodmanArgs=--x|QUADLET_IGNORED_KEY app.image:3 PodmanArgs",
                "Image=quay.io/a~GlobalArgs=--x|QUADLET_IGNORED_KEY app.image:3 GlobalArgs",
                "Image=quay.io/a~TLSVerify=maybe|QUADLET_VALUE app.image:3 TLSVerify",
                "Image=quay.io/a~Retry=often|QUADLET_VALUE app.image:3 Retry",
                "Image=quay.io/a~RetryDelay=5|QUADLET_VALUE app.image:3 RetryDelay",
                "Image=quay.io/a~Policy=sometimes|QUADLET_VALUE app.image:3 Policy",
                "Image=quay.io/a~AuthFile=auth.json|QUADLET_VALUE app.image:3 AuthFile",
                "Image=quay.io/a~CertDir=%b/certs|QUADLET_SPECIFIER app.image:3 CertDir",
                "Image=quay.io/a~Arch=--root|QUADLET_VALUE app.image:3 Arch",
                "Image=quay.io/a~junk|QUADLET_SYNTAX app.image:3"
            })
    void whatIsWrongWithAnImageFileIsToldWithFileLineAndKey(String lines, String problem) {
        BoundImages bound = root.bound("app.image", "[Image]\n" + lines.replace('~', '\n') + "\n")
                .read();
        assertThat(problems(bound)).containsExactly(problem);
        boolean onlyWarns = problem.contains("IGNORED") || problem.contains("TLSVerify");
        assertThat(bound.failed()).isEqualTo(!onlyWarns);
        assertThat(bound.problems().toString()).doesNotContain("hunter2");
    }

    @Test
    void aMisspeltKeyGetsTheNearestOneAsAHint() {
        BoundImages bound = root.bound("app.image", "[Image]\nImage=quay.io/a\nAuthfile=/x\n")
                .read();
        assertThat(bound.problems().getFirst().hint()).isEqualTo("did you mean AuthFile?");
        assertThat(bound.problems().getFirst().message()).contains("Quadlet rejects the unit");
    }

    @Test
    void aPassphraseIsNeverTold() {
        BoundImages bound = root.bound("app.image", "[Image]\nImage=quay.io/a\nDecryptionKey=key:hunter2\n")
                .read();
        assertThat(problems(bound)).containsExactly("QUADLET_VALUE app.image:3 DecryptionKey");
        assertThat(bound.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "app.image, Image, Creds=me:hunter2%%$$",
        "app.image, Image, PodmanArgs=--creds me:hunter2%%$$",
        "app.image, Image, PodmanArgs=--creds=me:hunter2%%$$",
        "app.container, Container, PodmanArgs=--creds=me:hunter2%%$$"
    })
    void credentialsAreForTheRepositoryOfTheirImageAndNeverTold(String name, String section, String line) {
        BoundImages bound = root.bound(name, "[" + section + "]\nImage=quay.io/org/a:1\n" + line + "\n")
                .read();
        assertThat(onlyImage(bound).pull().credentials())
                .contains(new Credentials("quay.io/org/a", "me:hunter2%$"))
                .get()
                .hasToString("***");
        assertThat(bound.toString()).contains("credentials=***").doesNotContain("hunter2");
    }

    @Test
    void differentCredentialsForOneImageAreAConflictThatShowsNeither() {
        BoundImages bound = root.bound("a.image", "[Image]\nImage=quay.io/a\nCreds=me:hunter2\n")
                .bound("b.image", "[Image]\nImage=quay.io/a\nCreds=me:hunter3\n")
                .read();
        assertThat(problems(bound)).containsExactly("PULL_OPTIONS_DIFFER b.image:2");
        assertThat(bound.toString()).doesNotContain("hunter");
    }

    @Test
    void everyImageOfAManifestHasTheCredentialsOfItsUnit() {
        BoundImages bound = root.file(
                        TestRoot.QUADLETS + "/a.yaml",
                        "kind: Pod\nspec:\n  containers:\n  - image: quay.io/a:1\n  - image: quay.io/b:1\n")
                .bound("a.kube", "[Kube]\nYaml=a.yaml\nPodmanArgs=--creds=me:x\n")
                .read();
        assertThat(bound.images().stream()
                        .flatMap(image -> image.pull().credentials().stream())
                        .map(Credentials::repository))
                .containsExactly("quay.io/a", "quay.io/b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Rootfs=/var/lib/app|QUADLET_ROOTFS web.container:2 Rootfs",
                "Image=quay.io/a~Rootfs=/x|QUADLET_ROOTFS web.container:3 Rootfs",
                "Image=|QUADLET_NO_IMAGE web.container",
                "Exec=x|QUADLET_NO_IMAGE web.container",
                "Image=app.build|QUADLET_BUILD web.container:2 Image",
                "Image=none.image|QUADLET_NOT_FOUND web.container:2 Image",
                "Image=web|IMAGE_REFERENCE web.container:2 Image",
                "Image=quay.io/a:%i|QUADLET_SPECIFIER web.container:2 Image"
            })
    void whatIsWrongWithAContainerIsTold(String lines, String problem) {
        BoundImages bound = root.bound("web.container", "[Container]\n" + lines.replace('~', '\n') + "\n")
                .read();
        assertThat(problems(bound)).containsExactly(problem);
        assertThat(bound.images()).isEmpty();
        assertThat(bound.failed()).isTrue();
    }

    @Test
    void anEntryThatIsNoLinkToAQuadletFileIsAnError() {
        root.file(TestRoot.BOUND + "/plain.image", "[Image]\nImage=quay.io/a\n")
                .link(TestRoot.BOUND + "/dangling.image", "/usr/share/none.image")
                .link(TestRoot.BOUND + "/directory.image", "/usr/share")
                .link(TestRoot.BOUND + "/loop.image", "loop.image")
                .link(TestRoot.BOUND + "/outside.image", "../../../../../../../etc/hostname")
                .fifo("/usr/share/pipe")
                .link(TestRoot.BOUND + "/pipe.image", "/usr/share/pipe")
                .directory(TestRoot.BOUND + "/sub.image");
        assertThat(problems(root.read()))
                .containsExactly(
                        "BOUND_LINK_DANGLING dangling.image",
                        "BOUND_LINK_TYPE directory.image",
                        "FILE_UNREADABLE loop.image",
                        "BOUND_LINK_DANGLING outside.image",
                        "BOUND_LINK_TYPE pipe.image",
                        "BOUND_NOT_A_LINK plain.image",
                        "BOUND_NOT_A_LINK sub.image");
    }

    @ParameterizedTest
    @CsvSource({
        "app.IMAGE, QUADLET_TYPE app.IMAGE",
        "README, QUADLET_TYPE README",
        "app.network, QUADLET_TYPE app.network",
        "app.pod, QUADLET_TYPE app.pod",
        "app.volume, QUADLET_NO_IMAGE app.volume",
        "app.kube, QUADLET_NO_IMAGE app.kube"
    })
    void aFileWithoutAnImageToFetchIsNotBound(String name, String problem) {
        assertThat(problems(root.bound(name, "[Image]\nImage=quay.io/a\n").read()))
                .containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "web.container.d/10.conf, [Container]~Image=quay.io/b, quay.io/b:latest",
        "deep/web.container.d/10.conf, [Container]~Image=quay.io/b, quay.io/b:latest",
        "container.d/10.conf, [Container]~Image=quay.io/b, quay.io/b:latest",
        "web.container.d/10.txt, [Container]~Image=quay.io/b, quay.io/a:1",
        "other.container.d/10.conf, [Container]~Image=quay.io/b, quay.io/a:1"
    })
    void aDropInChangesTheImage(String file, String text, String image) {
        root.bound("web.container", "[Container]\nImage=quay.io/a:1\n")
                .file("/etc/containers/systemd/" + file, text.replace('~', '\n'));
        assertThat(onlyImage(root.read()).reference()).hasToString(image);
    }

    @Test
    void aDropInChangesThePullOfAnImageFileUnlessItIsMasked() {
        root.bound("my-app.image", "[Image]\nImage=quay.io/a:1\n")
                .file(TestRoot.QUADLETS + "/my-.image.d/auth.conf", "[Image]\nAuthFile=/etc/auth.json\n")
                .file(TestRoot.QUADLETS + "/my-.image.d/arch.conf", "[Image]\nArch=arm64\n")
                .link("/etc/containers/systemd/my-app.image.d/arch.conf", "/dev/null");
        PullOptions pull = onlyImage(root.read()).pull();
        assertThat(pull.authFile()).contains("/etc/auth.json");
        assertThat(pull.architecture()).isEmpty();
    }

    @Test
    void aSourceNamesTheDropInThatDecides() {
        root.bound("web.container", "[Container]\nImage=quay.io/a:1\n")
                .file("/etc/containers/systemd/container.d/1.conf", "[Container]\n\nImage=quay.io/b:1\n");
        assertThat(places(onlyImage(root.read())))
                .containsExactly("/usr/etc/containers/systemd/container.d/1.conf:3 container");
    }

    @Test
    void aBoundFileThatQuadletDoesNotTakeIsAWarning() {
        root.bound("app.image", "[Image]\nImage=quay.io/a:1\n")
                .file("/etc/containers/systemd/app.image", "[Image]\nImage=quay.io/b:1\n");
        BoundImages bound = root.read();
        assertThat(problems(bound)).containsExactly("QUADLET_SHADOWED app.image");
        assertThat(bound.failed()).isFalse();
    }

    @Test
    void anImageTagMakesAContainerLookForAnotherName() {
        root.bound("web.container", "[Container]\nImage=app.image\n")
                .file(TestRoot.QUADLETS + "/app.image", "[Image]\nImage=quay.io/a:1\nImageTag=localhost/a\n");
        assertThat(problems(root.read())).containsExactly("QUADLET_IGNORED_KEY app.image:3 ImageTag");
    }

    @Test
    void bootcsDirectoryBindsWhatStockBootcTakes() {
        root.boundByBootc("app.image", "[Image]\nImage=quay.io/a:1\n")
                .boundByBootc("web.container", "[Container]\nImage=quay.io/b:1\n");
        assertThat(root.read().problems()).isEmpty();
        assertThat(images(root.read())).containsExactly("quay.io/a:1", "quay.io/b:1");
    }

    @Test
    void whatBootcRefusesInItsDirectoryIsAnErrorThoughOursTakesIt() {
        root.boundByBootc("auth.image", "[Image]\nImage=quay.io/a:1\nAuthFile=/etc/auth.json\n")
                .boundByBootc("pod.kube", "[Kube]\nYaml=x.yaml\n")
                .boundByBootc("web.container", "[Container]\nImage=app.image\n")
                .file(TestRoot.QUADLETS + "/app.image", "[Image]\nImage=quay.io/b:1\n");
        BoundImages bound = root.read();
        assertThat(problems(bound))
                .containsExactly(
                        "BOOTC_REFUSES pod.kube",
                        "BOOTC_REFUSES auth.image:3 AuthFile",
                        "BOOTC_REFUSES web.container:2 Image");
        assertThat(bound.problems()).allSatisfy(problem -> {
            assertThat(problem.message()).startsWith("bootc would fail every upgrade");
            assertThat(problem.hint()).isEqualTo("move the link to /usr/lib/lockstep/bound-images.d");
        });
    }

    @Test
    void aFileThatIsTooLargeOrHasAForeignNameIsTold() {
        root.bound("huge.image", "#".repeat((1 << 20) + 1)).foreignName(TestRoot.BOUND, ".image");
        assertThat(problems(root.read())).containsExactly("FILE_NAME \\xff.image", "FILE_TOO_LARGE huge.image");
    }

    @Test
    void aProblemReadsLikeACompilersMessageAndIsSafeForATerminal() {
        BoundImages bound =
                root.bound("app.image", "[Image]\nImage=quay.io/\u001b[31m\n").read();
        assertThat(bound.problems().getFirst())
                .asString()
                .startsWith("/usr/share/containers/systemd/app.image:2: Image: 'quay.io/\\u001b[31m' is not an image")
                .doesNotContain("\u001b");
    }
}
