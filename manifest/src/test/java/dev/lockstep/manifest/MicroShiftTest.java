package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a root's MicroShift runs: its release, and what it applies. */
final class MicroShiftTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String USR = "/usr/lib/microshift/manifests";

    @TempDir
    Path directory;

    private TestRoot root = TestRoot.bare(Path.of("/"));

    @BeforeEach
    void makeRoot() {
        root = TestRoot.in(directory);
    }

    private static String pod(String image) {
        return "kind: Pod\nspec:\n  containers:\n  - image: " + image + "\n";
    }

    @Test
    void theImagesOfARelease() {
        root.file(
                "/usr/share/microshift/release/release-x86_64.json",
                "{\"release\": {\"base\": \"4.16\"},\n \"images\": {\n  \"cli\": \"quay.io/o/art@" + DIGEST
                        + "\",\n  \"pod\": \"quay.io/o/pod:1\"}}");
        root.file("/usr/share/microshift/release/README", "text");
        BoundImages bound = root.read();
        assertThat(bound.problems()).isEmpty();
        assertThat(Told.images(bound)).containsExactly("quay.io/o/art@" + DIGEST, "quay.io/o/pod:1");
        assertThat(Told.places(bound.images().getFirst()))
                .containsExactly("/usr/share/microshift/release/release-x86_64.json:3 manifest");
    }

    @Test
    void aReleaseOfAnotherArchitectureIsNotRun() {
        byte[] program = new byte[64];
        System.arraycopy(new byte[] {0x7F, 'E', 'L', 'F', 2, 1}, 0, program, 0, 6);
        program[18] = (byte) 0xB7;
        root.file("/usr/lib/systemd/systemd", program)
                .file("/usr/share/microshift/release/release-x86_64.json", "{images: {a: quay.io/x86:1}}")
                .file("/usr/share/microshift/release/release-olm-aarch64.json", "{images: {a: quay.io/arm:1}}")
                .file("/usr/share/microshift/release/release.json", "{images: {a: quay.io/any:1}}");
        assertThat(Told.images(root.read())).containsExactly("quay.io/arm:1", "quay.io/any:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{images: {a: app}} | IMAGE_REFERENCE r.json:1 a",
                "{images: {a: [b]}} | KUBE_VALUE r.json:1 a",
                "{images: []} | KUBE_VALUE r.json:1",
                "[] | KUBE_VALUE r.json:1",
                "{ | YAML_SYNTAX r.json:1"
            })
    void aReleaseThatIsNoneIsAnError(String text, String problem) {
        root.file("/usr/share/microshift/release/r.json", text);
        assertThat(Told.problems(root.read())).containsExactly(problem);
    }

    @Test
    void onlyTheResourcesOfDirectoriesWithAKustomizationAreApplied() {
        root.file(USR + "/kustomization.yaml", "resources:\n- a.yaml\n- sub\n- ../shared/s.yaml\n")
                .file(USR + "/a.yaml", pod("quay.io/a:1"))
                .file(USR + "/unused.yaml", pod("quay.io/unused:1"))
                .file(USR + "/sub/Kustomization", "bases: [deep/../deep]\nresources: [b.yaml]")
                .file(
                        USR + "/sub/b.yaml",
                        "kind: StatefulSet\nspec: {template: {spec: {containers: [{image: 'quay.io/b:1'}]}}}")
                .file(USR + "/sub/deep/kustomization.yml", "resources: [/" + USR.substring(1) + "/a.yaml]")
                .file("/usr/lib/microshift/shared/s.yaml", pod("quay.io/s:1"))
                .file(USR + ".d/20-x/kustomization.yaml", "resources: [x.yaml]")
                .file(USR + ".d/20-x/x.yaml", pod("quay.io/x:1"))
                .file(USR + ".d/10-none/x.yaml", pod("quay.io/none:1"))
                .file(USR + ".d/README", "text")
                .file("/usr/etc/microshift/manifests/kustomization.yaml", "resources: [e.yaml]")
                .file("/usr/etc/microshift/manifests/e.yaml", pod("quay.io/e:1"))
                .file("/usr/etc/microshift/manifests.d/e/kustomization.yaml", "resources: [e.yaml]")
                .file("/usr/etc/microshift/manifests.d/e/e.yaml", pod("quay.io/ed:1"));
        BoundImages bound = root.read();
        assertThat(bound.problems()).isEmpty();
        assertThat(Told.images(bound))
                .containsExactly(
                        "quay.io/a:1", "quay.io/b:1", "quay.io/s:1", "quay.io/x:1", "quay.io/e:1", "quay.io/ed:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quay.io/a:1 | {name: quay.io/a, newTag: '2'} | quay.io/a:2",
                "quay.io/a | {name: quay.io/a, newTag: '2'} | quay.io/a:2",
                "quay.io/a:1 | {name: quay.io/a, newName: r.example/b} | r.example/b:1",
                "quay.io/a:1@DIGEST | {name: quay.io/a, newTag: '2'} | quay.io/a:2",
                "quay.io/a:1 | {name: quay.io/a, digest: DIGEST} | quay.io/a@DIGEST",
                "quay.io/a:1 | {name: quay.io/a, newTag: '2', digest: DIGEST} | quay.io/a@DIGEST",
                "quay.io/a:1 | {name: quay.io/a, tagSuffix: -x} | quay.io/a:1-x",
                "r:5000/a:1 | {name: 'r:5000/a', newTag: '2'} | r:5000/a:2",
                "app | {name: app, newName: quay.io/app} | quay.io/app:latest",
                "app:1 | {name: app, newName: quay.io/app, digest: DIGEST} | quay.io/app@DIGEST",
                "quay.io/a:1 | {name: quay.io/ab, newTag: '2'} | quay.io/a:1",
                "quay.io/a:1 | {name: a, newTag: '2'} | quay.io/a:1",
                "docker.io/library/a:1 | {name: docker.io/a, newTag: '2'} | docker.io/library/a:1",
                "quay.io/a:1 | {name: quay.io/a, newTag: ''} | quay.io/a:1",
                "quay.io/a:1 | {newTag: '2'} | quay.io/a:1",
            })
    void imagesAreRenamedAsKustomizeDoes(String image, String rename, String applied) {
        root.file(USR + "/kustomization.yaml", ("resources: [a.yaml]\nimages:\n- " + rename).replace("DIGEST", DIGEST))
                .file(USR + "/a.yaml", pod(image.replace("DIGEST", DIGEST)));
        BoundImages bound = root.read();
        assertThat(bound.problems()).isEmpty();
        assertThat(Told.images(bound)).containsExactly(applied.replace("DIGEST", DIGEST));
    }

    @Test
    void renamesOfABaseComeBeforeThoseThatTakeItInAndEachSeesTheOneBefore() {
        root.file(
                        USR + "/kustomization.yaml",
                        "resources: [base]\nimages:\n- {name: quay.io/two, newTag: '2'}\n- {name: quay.io/two, newName: quay.io/three}")
                .file(
                        USR + "/base/kustomization.yaml",
                        "resources: [a.yaml]\nimages: [{name: one, newName: quay.io/two}]")
                .file(USR + "/base/a.yaml", pod("one:1"));
        assertThat(Told.images(root.read())).containsExactly("quay.io/three:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resources: ['https://example.com/a.yaml']",
                "resources: ['github.com/a/b?ref=1']",
                "resources: [missing.yaml]",
                "resources: [empty]",
                "resources: [fifo]",
                "resources: ['']",
                "resources: [[a]]",
                "resources: [.]",
                "helmCharts: [{name: a}]",
                "generators: [a.yaml]",
                "images: [a]",
                "patches: [{path: patch.yaml}]",
                "patchesStrategicMerge: [patch.yaml]",
                "patchesJson6902: [{target: {kind: Pod}, path: json.yaml}]",
                "patches: [{patch: '[{\"op\": \"replace\", \"path\": \"/spec/containers/0/image\", \"value\": \"a\"}]'}]",
                "replacements: [{targets: [{fieldPaths: [spec.containers.0.image]}]}]",
                "- a"
            })
    void whatCannotBeFollowedIsAnError(String text) {
        root.file(USR + "/kustomization.yaml", "\n" + text)
                .directory(USR + "/empty")
                .fifo(USR + "/fifo")
                .file(USR + "/patch.yaml", "kind: Pod\nspec: {containers: [{name: a, image: 'quay.io/a:2'}]}")
                .file(USR + "/json.yaml", "- {op: replace, path: /spec/containers/0/image, value: a}");
        List<String> problems = Told.problems(root.read());
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst()).startsWith("KUSTOMIZATION ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patches: [{path: patch.yaml}]",
                "patches: [{patch: '[{\"op\": \"remove\", \"path\": \"/metadata/labels/a\"}]'}]",
                "commonLabels: {image: a}\nnamespace: b",
                "configMapGenerator: [{name: a, literals: [image=b]}]"
            })
    void whatChangesNoImageIsNoError(String text) {
        root.file(USR + "/kustomization.yaml", text).file(USR + "/patch.yaml", "kind: Pod\nmetadata: {labels: {a: b}}");
        assertThat(root.read()).isEqualTo(new BoundImages(List.of(), List.of()));
    }

    @Test
    void circlesAndManyInclusionsEnd() {
        root.file(USR + "/kustomization.yaml", "resources: [a]")
                .file(USR + "/a/kustomization.yaml", "resources: [../b]")
                .file(USR + "/b/kustomization.yaml", "resources: [../a]");
        assertThat(Told.problems(root.read())).containsExactly("KUSTOMIZATION kustomization.yaml");
        for (int i = 0; i < 30; i++) {
            root.file(
                    USR + ".d/" + i + "/kustomization.yaml", "resources: [" + ("../" + (i + 1) + ",").repeat(10) + "]");
        }
        assertThat(root.read().problems())
                .extracting(Problem::message)
                .anyMatch(message -> message.contains("takes in more than"));
    }

    @Test
    void noDirectoryIsNoProblemAndAFileInItsPlaceIsToldOrIgnoredAsMicroShiftDoes() {
        assertThat(root.read()).isEqualTo(new BoundImages(List.of(), List.of()));
        root.file(USR, "text");
        assertThat(root.read()).isEqualTo(new BoundImages(List.of(), List.of()));
    }

    @Test
    void hiddenDirectoriesOfManifestsAreNotApplied() {
        root.file("/etc/microshift/manifests.d/.old/kustomization.yaml", "resources: [a.yaml]")
                .file("/etc/microshift/manifests.d/.old/a.yaml", pod("quay.io/old:1"));
        assertThat(root.read()).isEqualTo(new BoundImages(List.of(), List.of()));
    }

    @Test
    void anImageThatIsMountedIsNotRenamed() {
        root.file(
                        "/etc/microshift/manifests/kustomization.yaml",
                        "resources: [a.yaml]\nimages:\n- name: quay.io/a\n  newTag: '2'\n")
                .file(
                        "/etc/microshift/manifests/a.yaml",
                        pod("quay.io/a:1") + "  volumes:\n  - image: {reference: 'quay.io/a:1'}\n");
        assertThat(Told.images(root.read())).containsExactly("quay.io/a:2", "quay.io/a:1");
    }
}
