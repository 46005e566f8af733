package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a root's build is told before anything is staged. */
final class LintTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String PINNED = "quay.io/a@" + DIGEST;
    private static final String QUIET = "[Container]\nImage=" + PINNED + "\n";

    private static final Lint NOTHING = new Lint(List.of(), List.of(), List.of());

    @TempDir
    Path directory;

    private TestRoot root = TestRoot.bare(Path.of("/"));

    @BeforeEach
    void makeRoot() {
        root = TestRoot.in(directory)
                .file("/var/lib/dpkg/status", "Package: podman\nStatus: install ok installed\nVersion: 5.8.6+ds1-3\n");
    }

    @Test
    void aRootThatDoesNotSayWhichPodmanItHasIsReadByTheNewest() {
        storing().bound("a.container", QUIET + "Pull=never\n").file("/var/lib/dpkg/status", "");
        assertThat(told(lint())).containsExactly("LINT_PODMAN_VERSION lockstep.toml");
        assertThat(lint().problems().getFirst().message()).contains("podman 5.8.6");
        root.file("/usr/lib/lockstep/lockstep.toml", "[podman]\nversion = \"5.6\"\n");
        assertThat(told(lint())).isEmpty();
    }

    private TestRoot storing() {
        return root.file(
                "/usr/share/containers/storage.conf",
                "[storage.options]\nadditionalimagestores = ['/var/lib/lockstep/storage']\n");
    }

    private Lint lint() {
        try (RootTree tree = RootTree.open(directory)) {
            return Lint.of(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fixing(String section, String line) {
        return "# Written by lockstep lint --fix-dropins.\n[" + section + "]\n" + line + "\n";
    }

    private static List<String> told(Lint lint) {
        return Told.problems(new BoundImages(List.of(), lint.problems()));
    }

    @Test
    void aRootThatIsRightHasNothingToTell() {
        storing()
                .bound(
                        "a.container",
                        QUIET + "Pull=never\nAutoUpdate=local\n[Service]\nExecStartPre=/usr/bin/mkdir -p /login\n");
        assertThat(lint()).isEqualTo(NOTHING);
        assertThat(lint().failed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"quay.io/a, LINT_FLOATING_TAG", "quay.io/a:latest, LINT_FLOATING_TAG", "quay.io/a:1.2, LINT_NO_DIGEST"})
    void aReferenceThatMeansAnotherImageTomorrow(String image, String code) {
        storing().bound("a.container", "[Container]\nImage=" + image + "\n");
        assertThat(told(lint())).containsExactly(code + " a.container:2");
        assertThat(lint().problems().getFirst().hint())
                .isEqualTo("add its digest: quay.io/a@sha256:…, or run lockstep lint --fix-dropins --digests");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pull=always", "Pull=Newer", "PodmanArgs=--pull=always", "PodmanArgs=--pull newer"})
    void aContainerThatAsksTheRegistryWhenItStarts(String line) {
        storing().bound("a.container", QUIET + line + "\n");
        assertThat(told(lint())).containsExactly("LINT_PULL a.container:3 " + line.substring(0, line.indexOf('=')));
    }

    @Test
    void anImageUnitAsksUnlessItsPolicySaysNo() {
        storing().bound("a.image", "[Image]\nImage=" + PINNED + "\n");
        assertThat(told(lint())).containsExactly("LINT_PULL a.image:2 Image");
        assertThat(lint().fixes())
                .containsExactly(new Lint.DropIn(
                        TestRoot.QUADLETS, "a.image", "50-lockstep.conf", fixing("Image", "Policy=missing")));
        assertThat(lint().fixes().getFirst().path()).isEqualTo("a.image.d/50-lockstep.conf");
        root.file(TestRoot.QUADLETS + "/a.image", "[Image]\nImage=" + PINNED + "\nPolicy=missing\n");
        assertThat(lint().problems()).isEmpty();
        root.file(TestRoot.QUADLETS + "/a.image", "[Image]\nImage=" + PINNED + "\nPolicy=always\n");
        assertThat(told(lint())).containsExactly("LINT_PULL a.image:3 Policy");
    }

    @Test
    void theUnitThatFetchesForABoundOneIsLookedAtToo() {
        storing()
                .file(TestRoot.QUADLETS + "/b.image", "[Image]\nImage=" + PINNED + "\n")
                .bound("a.container", "[Container]\nImage=b.image\n");
        assertThat(told(lint())).containsExactly("LINT_BOOTC a.container:2 Image", "LINT_PULL b.image:2 Image");
    }

    @Test
    void aManifestThatAsksTheRegistry() {
        storing()
                .file(
                        TestRoot.QUADLETS + "/a.yaml",
                        "kind: Pod\nspec:\n  containers:\n  - image: " + PINNED + "\n    imagePullPolicy: Always\n")
                .bound("a.kube", "[Kube]\nYaml=a.yaml\nAutoUpdate=registry\n");
        assertThat(told(lint()))
                .containsExactly(
                        "LINT_BOOTC a.kube", "LINT_AUTO_UPDATE a.kube:3 AutoUpdate", "LINT_PULL a.yaml:4 image");
    }

    @Test
    void autoUpdateFromTheRegistry() {
        storing().bound("a.container", QUIET + "AutoUpdate=registry\n");
        assertThat(told(lint())).containsExactly("LINT_AUTO_UPDATE a.container:3 AutoUpdate");
    }

    @Test
    void withoutAnyWordOnStoresTheImageIsNotFoundAndADropInMendsIt() {
        root.bound("a.container", QUIET);
        assertThat(told(lint())).containsExactly("LINT_STORE a.container:2");
        assertThat(lint().fixes())
                .containsExactly(new Lint.DropIn(
                        TestRoot.QUADLETS,
                        "a.container",
                        "50-lockstep.conf",
                        fixing("Container", "GlobalArgs=--storage-opt=additionalimagestore=/run/lockstep/store")));
    }

    @Test
    void theDropInsThatAreOfferedMakeTheRootRight() {
        root.bound("a.container", QUIET + "Pull=always\n").bound("b.image", "[Image]\nImage=" + PINNED + "\n");
        Lint before = lint();
        assertThat(told(before))
                .containsExactly(
                        "LINT_STORE a.container:2",
                        "LINT_PULL a.container:3 Pull",
                        "LINT_PULL b.image:2 Image",
                        "LINT_STORE b.image:2");
        before.fixes().forEach(fix -> root.file(fix.directory() + "/" + fix.path(), fix.text()));
        assertThat(lint()).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GlobalArgs=--storage-opt=additionalimagestore=/elsewhere",
                "GlobalArgs=--root=/elsewhere",
                "GlobalArgs=--imagestore /elsewhere",
                "[Service]\nEnvironment=STORAGE_OPTS=additionalimagestore=/elsewhere"
            })
    void optionsAndVariablesThatTakeThePlaceOfTheConfiguration(String lines) {
        storing().bound("a.container", QUIET + lines + "\n");
        assertThat(told(lint())).containsExactly("LINT_STORE a.container:2");
        assertThat(lint().problems().getFirst().message()).contains("/elsewhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run/lockstep/store", "/var/lib/lockstep/storage"})
    void aStoreThatHasTheImages(String store) {
        root.bound("a.container", QUIET + "GlobalArgs=--storage-opt=additionalimagestore=" + store + "\n");
        assertThat(lint()).isEqualTo(NOTHING);
    }

    @Test
    void bootcsStoreAloneIsOneThatNobodyFills() {
        root.bound("a.container", QUIET + "GlobalArgs=--storage-opt=additionalimagestore=/usr/lib/bootc/storage\n");
        assertThat(told(lint())).containsExactly("LINT_BOOTC_STORE a.container:2");
        assertThat(lint().notVisible()).hasSize(1);
    }

    @Test
    void aMountedImageIsInThePrimaryStore() {
        storing()
                .bound(
                        "a.container",
                        QUIET + "Mount=type=image,source=" + PINNED.replace("/a@", "/m@") + ",destination=/m\n");
        assertThat(told(lint())).containsExactly("LINT_PRIMARY_STORE a.container:3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/bin/podman login -u x quay.io",
                "/bin/sh -c 'aws ecr get-login-password | podman login --password-stdin x'",
                "/usr/bin/gcloud auth print-access-token"
            })
    void credentialsThatAreMadeWhenTheUnitStarts(String command) {
        storing().bound("a.container", QUIET + "[Service]\nExecStartPre=" + command + "\n");
        assertThat(told(lint())).containsExactly("LINT_TOKEN a.container:4 ExecStartPre");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Creds=me:hunter2", "PodmanArgs=--creds me:hunter2", "PodmanArgs=--creds=me:hunter2"})
    void aPasswordInAUnitIsReadableInTheImage(String line) {
        storing().bound("a.image", "[Image]\nImage=" + PINNED + "\nPolicy=missing\n" + line + "\n");
        assertThat(told(lint())).containsExactly("LINT_CREDENTIALS a.image:4 " + line.substring(0, line.indexOf('=')));
        assertThat(lint().toString()).doesNotContain("hunter2");
    }

    @Test
    void whatStockBootcWouldNotTake() {
        storing().bound("a.image", "[Image]\nImage=" + PINNED + "\nPolicy=missing\nAuthFile=/etc/auth.json\n");
        assertThat(told(lint())).containsExactly("LINT_BOOTC a.image:4 AuthFile");
    }

    @Test
    void errorsAndWarningsTogetherAreSortedAndErrorsFail() {
        storing()
                .bound("b.container", "[Container]\nImage=nginx\n")
                .bound("a.container", QUIET + "Pull=always\n")
                .file("/usr/lib/lockstep/bound-images/a.toml", "[[image]]\nimage = 'quay.io/t:1'\n");
        assertThat(told(lint()))
                .containsExactly(
                        "LINT_NO_DIGEST a.toml:2",
                        "LINT_PULL a.container:3 Pull",
                        "IMAGE_REFERENCE b.container:2 Image");
        assertThat(lint().failed()).isTrue();
    }

    @Test
    void anImageThatNoUnitNamesIsLookedForByNobody() {
        root.file("/usr/lib/lockstep/bound-images/a.toml", "[[image]]\nimage = '" + PINNED + "'\n");
        assertThat(told(lint())).isEmpty();
    }

    @Test
    void theVolumeOfABoundContainerIsLookedAtToo() {
        storing()
                .file(
                        TestRoot.QUADLETS + "/v.volume",
                        "[Volume]\nDriver=image\nImage=" + PINNED.replace("/a@", "/v@")
                                + "\n[Service]\nExecStartPre=/usr/bin/podman login quay.io\n")
                .bound("a.container", QUIET + "Volume=v.volume:/v\n");
        assertThat(told(lint())).containsExactly("LINT_TOKEN v.volume:5 ExecStartPre");
    }

    @Test
    void tagsGetTheirDigestsFromDropInsWhereverAUnitNamesOne() {
        storing()
                .bound("a.container", "[Container]\nImage=quay.io/a:1\n")
                .bound("b.container", "[Container]\nImage=b.image\n")
                .file(TestRoot.QUADLETS + "/b.image", "[Image]\nImage=quay.io/b\nPolicy=missing\n")
                .bound("c.volume", "[Volume]\nDriver=image\nImage=docker.io/c:3\n")
                .bound("d.container", QUIET + "Mount=type=image,source=quay.io/m:1,destination=/m\n")
                .bound("e@1.container", "[Container]\nImage=quay.io/e:%i\n")
                .file(TestRoot.QUADLETS + "/a.container.d/10-tag.conf", "[Container]\nImage=quay.io/a:2\n");
        Lint before = lint();
        assertThat(before.tagged())
                .extracting(tagged -> tagged.unit() + " " + tagged.image().reference())
                .containsExactlyInAnyOrder(
                        "a.container quay.io/a:2", "b.image quay.io/b:latest", "c.volume docker.io/library/c:3");

        Map<ImageReference, String> digests = new HashMap<>();
        before.tagged().forEach(tagged -> digests.put(tagged.image().reference(), DIGEST));
        List<Lint.DropIn> pinning = before.pinning(digests);
        pinning.forEach(fix -> root.file(fix.directory() + "/" + fix.path(), fix.text()));

        assertThat(pinning).hasSize(3).allSatisfy(fix -> assertThat(fix.path()).endsWith(".d/51-lockstep-digest.conf"));
        assertThat(pinning.stream().filter(fix -> fix.unit().equals("c.volume")).map(Lint.DropIn::text))
                .containsExactly(
                        "# Written by lockstep lint --fix-dropins --digests: what docker.io/library/c:3 meant.\n"
                                + "[Volume]\nImage=docker.io/library/c@" + DIGEST + "\n");
        assertThat(lint().tagged()).isEmpty();
        assertThat(told(lint()))
                .filteredOn(problem -> !problem.startsWith("LINT_BOOTC"))
                .containsExactly(
                        "LINT_NO_DIGEST d.container:3",
                        "LINT_PRIMARY_STORE d.container:3",
                        "LINT_NO_DIGEST e@1.container:2");
        assertThat(before.pinning(Map.of())).isEmpty();
    }
}
