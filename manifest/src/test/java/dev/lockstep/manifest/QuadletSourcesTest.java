package dev.lockstep.manifest;

import static dev.lockstep.manifest.Told.images;
import static dev.lockstep.manifest.Told.onlyImage;
import static dev.lockstep.manifest.Told.places;
import static dev.lockstep.manifest.Told.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.BoundImage.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Quadlet files are bound, and what all a bound one needs. */
final class QuadletSourcesTest {
    private static final String ALL = "/usr/lib/lockstep/lockstep.toml";
    private static final String ETC = "/etc/containers/systemd/";

    @TempDir
    Path temporary = Path.of("");

    private TestRoot root = TestRoot.bare(temporary);

    @BeforeEach
    void freshRoot() {
        root = TestRoot.in(temporary.resolve("root"));
    }

    private static String container(String image) {
        return "[Container]\nImage=" + image + "\n";
    }

    private BoundImages all() throws IOException {
        try (RootTree tree = RootTree.open(root.path())) {
            return BoundImages.of(tree, BoundImages.Quadlets.ALL);
        }
    }

    @Test
    void aUnitThatNobodyBindsIsNotBound() throws IOException {
        root.file(TestRoot.QUADLETS + "/web.container", container("quay.io/a:1"));
        assertThat(root.read().images()).isEmpty();
        assertThat(images(all())).containsExactly("quay.io/a:1");
    }

    @Test
    void aUnitBindsItselfAndSaysHow() {
        root.file(
                TestRoot.QUADLETS + "/web.container",
                container("quay.io/a:1") + "[X-Lockstep]\nBound=true\nMode=prefetch\n");
        assertThat(onlyImage(root.read()).mode()).isEqualTo(Mode.PREFETCH);
    }

    @Test
    void aDropInOfTheAdministratorTakesABoundUnitOut() {
        root.bound("web.container", container("quay.io/a:1"))
                .file(ETC + "web.container.d/mine.conf", "[X-Lockstep]\nBound=no\n");
        assertThat(root.read()).isEqualTo(new BoundImages(List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "Bond=true, QUADLET_UNKNOWN_KEY web.container:4 Bond",
        "Bound=maybe, QUADLET_VALUE web.container:4 Bound",
        "Mode=later, QUADLET_VALUE web.container:4 Mode"
    })
    void whatIsWrongWithTheSectionIsTold(String line, String problem) {
        root.file(TestRoot.QUADLETS + "/web.container", container("quay.io/a:1") + "[X-Lockstep]\n" + line + "\n");
        BoundImages bound = root.read();
        assertThat(problems(bound)).containsExactly(problem);
        assertThat(bound.failed()).isTrue();
    }

    @Test
    void unitsBelowTheDirectoryOfBootcAreBound() {
        root.file(TestRoot.QUADLETS + "/bootc-bound/web.container", container("quay.io/a:1"))
                .file(TestRoot.QUADLETS + "/bootc-bound/deeper/b.image", "[Image]\nImage=quay.io/b:1\n")
                .file(TestRoot.QUADLETS + "/other/c.image", "[Image]\nImage=quay.io/c:1\n")
                .file(TestRoot.QUADLETS + "/bootc-bound/net.network", "[Network]\n");
        assertThat(images(root.read())).containsExactly("quay.io/a:1", "quay.io/b:1");
        assertThat(root.read().problems()).isEmpty();
    }

    @Test
    void allUnitsAreBoundWhenTheRootSaysSo() {
        root.file(ALL, "quadlets = \"all\"\n")
                .file(TestRoot.QUADLETS + "/a.container", container("quay.io/a:1"))
                .file(ETC + "b.container", container("quay.io/b:1"))
                .file(TestRoot.QUADLETS + "/c.container", container("quay.io/c:1") + "[X-Lockstep]\nBound=false\n")
                .file(TestRoot.QUADLETS + "/rootfs.container", "[Container]\nRootfs=/r\n")
                .file(TestRoot.QUADLETS + "/plain.volume", "[Volume]\n");
        assertThat(images(root.read())).containsExactly("quay.io/b:1", "quay.io/a:1");
        assertThat(root.read().problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "quadlets = \"some\", TOML_VALUE lockstep.toml:1 quadlets",
        "quadlets = true, TOML_VALUE lockstep.toml:1 quadlets",
        "podman.version = 5, TOML_VALUE lockstep.toml:1 podman.version",
        "podman = \"x\", TOML_VALUE lockstep.toml:1 podman.version",
        "quadlets = , TOML_SYNTAX lockstep.toml:1"
    })
    void whatIsWrongWithTheSettingsIsTold(String line, String problem) {
        assertThat(problems(root.file(ALL, line + "\n").read())).containsExactly(problem);
    }

    @Test
    void theAdministratorsSettingsTakeThePlaceOfTheImages() {
        root.file(ALL, "quadlets = \"all\"\n")
                .file("/etc/lockstep/lockstep.toml", "retries = 3\n")
                .file(TestRoot.QUADLETS + "/a.container", container("quay.io/a:1"));
        assertThat(root.read().images()).isEmpty();
    }

    @Test
    void aContainerNeedsAllThatItMounts() {
        root.bound(
                        "web.container",
                        container("quay.io/a:1")
                                + "Mount=type=image,source=quay.io/m:1,destination=/m\nVolume=v.volume:/v\nMount=type=image,source=i.image,destination=/i\n")
                .file(TestRoot.QUADLETS + "/v.volume", "[Volume]\nDriver=image\nImage=quay.io/v:1\n")
                .file(TestRoot.QUADLETS + "/i.image", "[Image]\nImage=quay.io/i:1\nArch=arm64\n");
        BoundImages bound = root.read();
        assertThat(bound.problems()).isEmpty();
        assertThat(bound.images().stream().flatMap(image -> places(image).stream()))
                .containsExactly(
                        "/usr/share/containers/systemd/web.container:2 container",
                        "/usr/share/containers/systemd/web.container:3 mount",
                        "/usr/share/containers/systemd/web.container:5 mount",
                        "/usr/share/containers/systemd/v.volume:3 volume");
        assertThat(bound.images().stream()
                        .map(image -> image.sources().getFirst().use().primaryOnly()))
                .containsExactly(false, true, true, false);
    }

    @Test
    void aManifestIsReadWhereTheUnitSaysItIs() {
        root.bound("app.kube", "[Kube]\nYaml=sub/app.yaml\nPodmanArgs=--tls-verify=false\n")
                .file(TestRoot.QUADLETS + "/sub/app.yaml", """
                        kind: Pod
                        spec:
                          containers:
                          - name: a
                            image: quay.io/a:1
                          volumes:
                          - name: v
                            image:
                              reference: quay.io/v:1
                        """);
        BoundImages bound = root.read();
        assertThat(bound.problems()).isEmpty();
        assertThat(bound.images().stream().flatMap(image -> places(image).stream()))
                .containsExactly(
                        "/usr/share/containers/systemd/sub/app.yaml:5 kube",
                        "/usr/share/containers/systemd/sub/app.yaml:9 kube");
        assertThat(bound.images())
                .allSatisfy(image -> assertThat(image.pull().tlsVerify()).contains(false));
        assertThat(bound.images().getLast().sources().getFirst().use().primaryOnly())
                .isTrue();
    }

    @Test
    void aManifestThatIsNotThereIsToldWhereItIsNamed() {
        root.bound("app.kube", "[Kube]\nYaml=https://example.com/app.yaml\n");
        BoundImages bound = root.read();
        assertThat(problems(bound)).containsExactly("FILE_UNREADABLE app.kube:2 Yaml");
        assertThat(bound.problems().getFirst().message())
                .contains("/usr/share/containers/systemd/https:/example.com/app.yaml");
    }

    @Test
    void anArtifactIsListedButCannotBeBound() {
        root.bound("model.artifact", "[Artifact]\nArtifact=quay.io/model:1\nCreds=me:hunter2\n")
                .bound(
                        "web.container",
                        container("quay.io/a:1")
                                + "Mount=type=artifact,source=model.artifact,destination=/m\nMount=type=artifact,source=quay.io/b:1,destination=/b\n");
        BoundImages bound = root.read();
        assertThat(problems(bound))
                .containsExactly(
                        "QUADLET_ARTIFACT model.artifact:2",
                        "QUADLET_ARTIFACT web.container:3",
                        "QUADLET_ARTIFACT web.container:4");
        assertThat(images(bound)).containsExactly("quay.io/model:1", "quay.io/a:1", "quay.io/b:1");
        assertThat(places(bound.images().getFirst()))
                .containsExactly(
                        "/usr/share/containers/systemd/model.artifact:2 artifact",
                        "/usr/share/containers/systemd/web.container:3 artifact");
        ImageUse use = bound.images().getFirst().sources().getFirst().use();
        assertThat(use.primaryOnly()).isTrue();
        assertThat(use.argv()).containsExactly("podman", "artifact", "pull", "--creds", "***", "quay.io/model:1");
    }

    @Test
    void theStoresThatAUnitNamesAreToldOfItsImages() {
        root.bound("web.container", container("quay.io/a:1") + """
                GlobalArgs=--storage-opt=additionalimagestore=/usr/lib/bootc/storage --root /r
                PodmanArgs=--storage-opt overlay.additionalimagestore=/x --rm -v/a:/b
                [Service]
                Environment=A=b "STORAGE_OPTS=additionalimagestore=/y"
                """);
        ImageUse use = onlyImage(root.read()).sources().getFirst().use();
        assertThat(use.service()).contains("web.service");
        assertThat(use.stores())
                .isEqualTo(new ImageUse.Stores(
                        Optional.of("/r"),
                        Optional.empty(),
                        List.of("/usr/lib/bootc/storage", "/x"),
                        List.of("STORAGE_OPTS=additionalimagestore=/y")));
    }

    @Test
    void optionsInArgumentsCountAsKeysDo() {
        PullOptions pull = onlyImage(root.bound("web.container", container("quay.io/a:1") + """
                PodmanArgs=--authfile /etc/a.json --platform linux/arm64/v8 --decryption-key=/k:pass --privileged
                PodmanArgs=--tls-verify=false --rm -e A=b
                """)
                        .read())
                .pull();
        assertThat(pull.authFile()).contains("/etc/a.json");
        assertThat(pull.operatingSystem()).contains("linux");
        assertThat(pull.architecture()).contains("arm64");
        assertThat(pull.variant()).contains("v8");
        assertThat(pull.decryptionKeyFile()).contains("/k");
        assertThat(pull.tlsVerify()).contains(false);
    }

    @Test
    void aWordThatPodmanTakesForAnImageIsAnError() {
        assertThat(problems(root.bound("web.container", container("quay.io/a:1") + "PodmanArgs=--rm quay.io/b:1\n")
                        .read()))
                .containsExactly("QUADLET_ARGUMENT web.container:3 PodmanArgs");
        assertThat(problems(TestRoot.in(temporary.resolve("second"))
                        .bound("a.image", "[Image]\nImage=quay.io/a:1\nPodmanArgs=quay.io/b:1\n")
                        .read()))
                .containsExactly("QUADLET_ARGUMENT a.image:3 PodmanArgs");
    }

    @ParameterizedTest
    @CsvSource({
        "%t/%S/%C/%L/%E/%T/%V, /run//var/lib//var/cache//var/log//etc//tmp//var/tmp",
        "/%u.%U.%g.%G.%h, /root.0.root.0./root",
        "/%N.%p.%j, /my-web.my-web.web",
        "/%o-%w-%W-%B-%M-%A, /fedora-42---img-7",
        "/%%-%-, /%-%-",
        "/$$x, /$x"
    })
    void specifiersThatTheRootDecidesAreExpanded(String value, String expanded) {
        root.file(
                        "/usr/lib/os-release",
                        "NAME=x\nID=fedora\nVERSION_ID=\"42\"\nIMAGE_ID=img\nIMAGE_VERSION='7'\n#ID=y\n")
                .bound("my-web.container", container("quay.io/a:1") + "PodmanArgs=--cert-dir=" + value + "\n");
        assertThat(onlyImage(root.read()).pull().certificateDirectory()).contains(expanded);
    }

    @ParameterizedTest
    @CsvSource({"%m", "%b", "%H", "%l", "%q", "%v", "%c", "%r", "%R", "%i", "%I", "%o", "%a", "%s", "%Z", "%1", "${X}"})
    void everyOtherIsAnErrorThatNamesIt(String specifier) {
        root.bound("web.container", container("quay.io/" + specifier));
        BoundImages bound = root.read();
        assertThat(problems(bound)).containsExactly("QUADLET_SPECIFIER web.container:2 Image");
        assertThat(bound.problems().getFirst().message()).contains("'" + specifier + "'");
        assertThat(bound.problems().getFirst().hint()).isNotBlank();
    }

    @Test
    void anInstanceHasTheSpecifiersOfItsName() {
        root.file(TestRoot.QUADLETS + "/t@.container", container("quay.io/%i:%I"))
                .link(TestRoot.QUADLETS + "/t@x.container", "t@.container")
                .link(TestRoot.BOUND + "/t@x.container", TestRoot.QUADLETS + "/t@x.container");
        assertThat(images(root.read())).containsExactly("quay.io/x:x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DefaultInstance=x~WantedBy=multi-user.target|quay.io/x:1",
                "DefaultInstance=\"x\"~RequiredBy=a.target|quay.io/x:1",
                "DefaultInstance=x~UpheldBy=a.target b.target|quay.io/x:1"
            })
    void aTemplateWithADefaultInstanceIsThatOne(String lines, String image) {
        root.bound("t@.container", container("quay.io/%i:1") + "[Install]\n" + lines.replace('~', '\n') + "\n");
        BoundImage bound = onlyImage(root.read());
        assertThat(bound.reference()).hasToString(image);
        assertThat(bound.sources().getFirst().use().service()).contains("t@x.service");
    }

    @ParameterizedTest
    @CsvSource({"DefaultInstance=x", "DefaultInstance=~WantedBy=a.target", "WantedBy=a.target"})
    void withoutALinkNoInstanceIsStarted(String lines) {
        root.bound("t@.container", container("quay.io/%i:1") + "[Install]\n" + lines.replace('~', '\n') + "\n");
        assertThat(problems(root.read())).containsExactly("QUADLET_SPECIFIER t@.container:2 Image");
    }

    @Test
    void linksOfTheRootEnableInstances() {
        root.bound("t@.image", "[Image]\nImage=quay.io/%i:1\n")
                .link("/etc/systemd/system/a.target.wants/t-image@one.service", "/run/systemd/generator/x")
                .link("/usr/lib/systemd/system/b.target.requires/t-image@two.service", "../t-image@.service")
                .link("/usr/lib/systemd/system/b.target.upholds/t-image@two.service", "../t-image@.service")
                .link("/usr/lib/systemd/system/b.target.wants/t-image@.service", "../t-image@.service")
                .link("/usr/lib/systemd/system/b.target.wants/other@three.service", "../other@.service")
                .link("/usr/lib/systemd/system/b.target.d/t-image@four.service", "../t-image@.service");
        assertThat(root.read().problems()).isEmpty();
        assertThat(images(root.read())).containsExactly("quay.io/one:1", "quay.io/two:1");
    }

    @Test
    void anInstanceWithAFileOfItsOwnIsWhatThatSays() {
        root.bound("t@.container", container("quay.io/%i:1") + "[Install]\nDefaultInstance=x\nWantedBy=a.target\n")
                .file(TestRoot.QUADLETS + "/t@x.container", container("quay.io/own:1"));
        assertThat(images(root.read())).containsExactly("quay.io/own:1");
    }

    @Test
    void aTemplateHasNoInstance() {
        root.bound("t@.container", container("quay.io/%p%i"));
        assertThat(problems(root.read())).containsExactly("QUADLET_SPECIFIER t@.container:2 Image");
    }

    @ParameterizedTest
    @CsvSource({"quay.io/a%%b:%E, does not expand", "\"quay.io/a:1\", takes quotation marks"})
    void whatBootcWouldMisreadInItsDirectoryIsAnError(String image, String why) {
        root.boundByBootc("web.container", container(image));
        BoundImages bound = root.read();
        assertThat(bound.problems().getFirst().code()).isEqualTo("BOOTC_REFUSES");
        assertThat(bound.problems().getFirst().message()).contains(why);
    }

    @Test
    void bootcReadsNoDropIns() {
        root.boundByBootc("web.container", "[Container]\nExec=x\n")
                .file(ETC + "web.container.d/a.conf", "[Container]\nImage=quay.io/b:1\n")
                .boundByBootc("b.container", container("quay.io/b:1"))
                .file(ETC + "b.container.d/a.conf", "[Container]\nImage=quay.io/c:1\n");
        assertThat(problems(root.read()))
                .containsExactly("QUADLET_DROP_IN a.conf:2 Image", "BOOTC_REFUSES web.container");
    }

    @Test
    void aBrokenFileBesideABoundOneIsAnErrorAndElsewhereAWarning() {
        root.bound("web.container", container("quay.io/a:1")).file(TestRoot.QUADLETS + "/other.network", "junk\n");
        BoundImages bound = root.read();
        assertThat(problems(bound)).containsExactly("QUADLET_SYNTAX other.network:1");
        assertThat(bound.failed()).isTrue();

        TestRoot elsewhere = TestRoot.in(temporary.resolve("elsewhere"))
                .bound("web.container", container("quay.io/a:1"))
                .file(ETC + "other.network", "junk\n");
        assertThat(problems(elsewhere.read())).containsExactly("QUADLET_SYNTAX other.network:1");
        assertThat(elsewhere.read().failed()).isFalse();
    }

    @Test
    void whatOverridesTheGeneratedServiceIsAWarning() {
        root.bound("web.container", container("quay.io/a:1"))
                .bound("app.image", "[Image]\nImage=quay.io/b:1\n")
                .link("/etc/systemd/system/web.service", "/dev/null")
                .file("/usr/lib/systemd/system/app-image.service.d/a.conf", "[Service]\nExecStart=\nExecStart=/x\n")
                .file("/etc/systemd/system/app-image.service.d/b.conf", "[Service]\nNice=1\n");
        BoundImages bound = root.read();
        assertThat(problems(bound))
                .containsExactly("QUADLET_SHADOWED web.service", "QUADLET_SHADOWED a.conf:3 ExecStart");
        assertThat(bound.failed()).isFalse();
        assertThat(images(bound)).containsExactly("quay.io/b:1", "quay.io/a:1");
    }

    @Test
    void whatTheRootsPodmanRejectsIsAnErrorThoughNewerOnesTakeIt() {
        root.bound("a.image", "[Image]\nImage=quay.io/a:1\nPolicy=missing\n");
        assertThat(root.read().problems()).isEmpty();
        root.file(
                "/var/lib/dpkg/status",
                "Package: podman-docker\nStatus: install ok installed\nVersion: 9\n\nPackage: podman\nStatus: install ok installed\nVersion: 5.4.2+ds1-2\n\n");
        assertThat(problems(root.read())).containsExactly("QUADLET_UNKNOWN_KEY a.image:3 Policy");
        assertThat(root.read().problems().getFirst().message()).contains("podman 5.4.2");
    }

    @Test
    void theVersionIsThatOfThePackageElseThatOfTheSettings() throws IOException {
        assertThat(version()).isEmpty();
        root.file(ALL, "[podman]\nversion = \"5.6.0\"\n");
        root.bound("a.artifact", "[Artifact]\nArtifact=quay.io/a:1\n");
        assertThat(problems(root.read())).containsExactly("QUADLET_TYPE a.artifact");
        root.file(
                "/usr/share/rpm/rpmdb.sqlite", "x".repeat(70_000) + "C\0podman\u00005.7.1\u00001.fc43\0Manage Pods\0");
        assertThat(version()).contains(new QuadletVersion(5, 7, 1));
        assertThat(images(root.read())).containsExactly("quay.io/a:1");
    }

    private Optional<QuadletVersion> version() throws IOException {
        try (RootTree tree = RootTree.open(root.path())) {
            return QuadletVersion.of(tree);
        }
    }

    @Test
    void theOrderOfDirectoryEntriesDecidesNothing() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            names.add("u" + i + (i % 3 == 0 ? ".image" : ".container"));
        }
        BoundImages first = shuffled("one", names, 1);
        assertThat(first.images()).hasSize(8);
        assertThat(first.problems()).isNotEmpty();
        for (int seed = 2; seed < 6; seed++) {
            assertThat(shuffled("seed" + seed, names, seed)).isEqualTo(first);
        }
    }

    private BoundImages shuffled(String directory, List<String> names, int seed) {
        List<String> order = new ArrayList<>(names);
        Collections.shuffle(order, new Random(seed));
        TestRoot made = TestRoot.in(temporary.resolve(directory));
        for (String name : order) {
            int number = Math.floorMod(name.hashCode(), 8);
            made.bound(
                    name,
                    name.endsWith(".image")
                            ? "[Image]\nImage=quay.io/i" + number + "\nArch=" + (name.length() == 8 ? "arm64" : "amd64")
                                    + "\n"
                            : container("quay.io/i" + number));
        }
        return made.read();
    }

    @Test
    void conflictingOptionsAreAnErrorThatShowsBoth() {
        BoundImages bound = root.bound("a.image", "[Image]\nImage=quay.io/a:1\nArch=arm64\n")
                .bound("b.image", "[Image]\nImage=quay.io/a:1\nArch=amd64\nDecryptionKey=/k:hunter2\nRetry=3\n")
                .read();
        assertThat(problems(bound)).containsExactly("PULL_OPTIONS_DIFFER b.image:2");
        assertThat(bound.problems().getFirst().message())
                .contains("/usr/share/containers/systemd/a.image:2", "arm64", "amd64", "/k")
                .doesNotContain("hunter2");
    }

    @Test
    void howOftenAPullIsTriedAgainIsNoConflict() {
        root.bound("a.image", "[Image]\nImage=quay.io/a:1\nRetry=3\n")
                .bound("b.image", "[Image]\nImage=quay.io/a:1\nRetryDelay=5s\n");
        assertThat(onlyImage(root.read()).sources()).hasSize(2);
    }
}
