package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.KubeManifest.Dialect;
import dev.lockstep.manifest.KubeManifest.PullPolicy;
import dev.lockstep.manifest.KubeManifest.Use;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which images Kubernetes objects need, {@code podman-kube-play(1)}. */
final class KubeManifestTest {
    private static final String FILE = "/usr/share/containers/systemd/app.yaml";

    private static KubeManifest podman(String text) {
        return KubeManifest.parse(FILE, text.getBytes(StandardCharsets.UTF_8), Dialect.PODMAN);
    }

    private static KubeManifest cluster(String text) {
        return KubeManifest.parse(FILE, text.getBytes(StandardCharsets.UTF_8), Dialect.KUBERNETES);
    }

    private static List<String> images(KubeManifest manifest) {
        return manifest.images().stream()
                .map(image -> image.reference() + " " + image.line())
                .toList();
    }

    private static List<String> problems(KubeManifest manifest) {
        return Told.problems(new BoundImages(List.of(), manifest.problems()));
    }

    private static String workload(String kind) {
        return """
                apiVersion: v1
                kind: %s
                metadata: {name: a}
                spec:
                  replicas: 0
                  template:
                    spec:
                      containers:
                      - image: quay.io/a:1
                """.formatted(kind);
    }

    private static String container(String fields) {
        return "kind: Pod\nspec:\n  containers:\n  - name: c\n    " + fields.replace("\n", "\n    ") + "\n";
    }

    @Test
    void aPodsInitContainersContainersAndImageVolumes() {
        KubeManifest manifest = podman("""
                kind: Pod
                spec:
                  containers:
                  - image: quay.io/main:1
                  initContainers:
                  - {name: i, image: quay.io/init}
                  ephemeralContainers:
                  - image: quay.io/debug:1
                  volumes:
                  - name: data
                    image:
                      reference: quay.io/data:1
                      pullPolicy: Never
                  - {name: host, hostPath: {path: /x}}
                """);
        assertThat(manifest.problems()).isEmpty();
        assertThat(images(manifest)).containsExactly("quay.io/init:latest 6", "quay.io/main:1 4", "quay.io/data:1 12");
        assertThat(manifest.images())
                .extracting(KubeManifest.Image::use)
                .containsExactly(Use.INIT_CONTAINER, Use.CONTAINER, Use.IMAGE_VOLUME);
        assertThat(manifest.images())
                .extracting(KubeManifest.Image::policy)
                .containsExactly(PullPolicy.NEWER, PullPolicy.MISSING, PullPolicy.NEVER);
        assertThat(manifest.images().get(2).use().isMount()).isTrue();
        assertThat(manifest.images().get(1).use().isMount()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "DaemonSet", "Job"})
    void kindsThatPodmanPlaysWhateverTheirReplicas(String kind) {
        assertThat(images(podman(workload(kind)))).containsExactly("quay.io/a:1 9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"StatefulSet", "ReplicaSet", "ReplicationController"})
    void kindsThatPodmanSkipsAreToldAndAFileOfThemAloneIsAnError(String kind) {
        assertThat(podman(workload(kind)).images()).isEmpty();
        assertThat(problems(podman(workload(kind)))).containsExactly("KUBE_KIND app.yaml", "KUBE_KIND app.yaml:1 kind");
        KubeManifest beside = podman(workload(kind) + "---\n" + workload("Deployment"));
        assertThat(images(beside)).containsExactly("quay.io/a:1 19");
        assertThat(beside.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING));
        assertThat(images(cluster(workload(kind)))).containsExactly("quay.io/a:1 9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kind: pod", "kind: Service", "kind: ConfigMap", "{}", "", "# nothing", "---\n---\n", "null"})
    void aFileOfNothingThatPodmanPlaysIsAnError(String text) {
        assertThat(problems(podman(text))).containsExactly("KUBE_KIND app.yaml");
        assertThat(cluster(text).problems()).isEmpty();
    }

    @Test
    void secretsAndClaimsAreEnoughForPodman() {
        assertThat(podman("kind: Secret\nstringData: {image: 'quay.io/x:1'}").problems())
                .isEmpty();
        KubeManifest claim = podman("""
                kind: PersistentVolumeClaim
                metadata:
                  annotations:
                    volume.podman.io/driver: image
                    volume.podman.io/image: quay.io/claim:1
                """);
        assertThat(claim.problems()).isEmpty();
        assertThat(images(claim)).containsExactly("quay.io/claim:1 5");
        assertThat(claim.images().getFirst().use()).isEqualTo(Use.CLAIM);
        assertThat(cluster("kind: PersistentVolumeClaim\nmetadata: {annotations: {volume.podman.io/image: x}}")
                        .problems())
                .isEmpty();
    }

    @Test
    void anAnnotationOfTheObjectMountsImagesIntoAContainer() {
        String mounts = "io.podman.annotations.kube.image.volumes.mount/c: quay.io/one:1;quay.io/two:2";
        KubeManifest manifest = podman("kind: Pod\nmetadata:\n  annotations:\n    " + mounts
                + "\nspec: {containers: [{name: c, image: 'r:5/a'}]}");
        assertThat(manifest.problems()).isEmpty();
        assertThat(images(manifest)).containsExactly("r:5/a:latest 5", "quay.io/one:1 4", "quay.io/two:2 4");
        assertThat(images(podman(workload("Deployment")
                        .replace("{name: a}", "{name: a, annotations: {\"" + mounts.replace(": ", "\": ") + "}}")
                        .replace("- image", "- name: c\n        image"))))
                .containsExactly("quay.io/a:1 10", "quay.io/one:1 3", "quay.io/two:2 3");
    }

    @Test
    void severalDocumentsListsAnchorsMergesCommentsAndJson() {
        String lines = """
                \uFEFF---
                kind: Pod
                spec: {containers: [{image: 'a.b/c'}]}
                ---
                # none
                ---
                {"kind":"List","items":[
                \t{"kind":"Pod","spec":{"containers":[{"image":"a.b/d"}]}}]}
                ...
                """;
        assertThat(images(podman(lines.replace("\n", "\r\n")))).containsExactly("a.b/c:latest 3", "a.b/d:latest 8");
        assertThat(images(podman("""
                kind: Pod
                spec:
                  containers:
                  - &base {image: a.b/c:1, name: one}
                  - <<: *base
                    name: two
                  - {<<: [{image: a.b/d:1}, *base]}
                  - *base
                """))).containsExactly("a.b/c:1 4", "a.b/c:1 4", "a.b/d:1 7", "a.b/c:1 4");
    }

    @Test
    void aListIsFlattenedOnceByPodmanAndAllTheWayByACluster() {
        String pod = "{kind: Pod, spec: {containers: [{image: 'a.b/c:1'}]}}";
        String nested = "kind: List\nitems:\n- {kind: List, items: [" + pod + "]}\n- " + pod;
        assertThat(images(podman(nested))).containsExactly("a.b/c:1 4");
        assertThat(images(cluster(nested))).containsExactly("a.b/c:1 3", "a.b/c:1 4");
        assertThat(images(cluster("kind: PodList\nitems: [" + pod + "]"))).containsExactly("a.b/c:1 2");
        assertThat(problems(podman("kind: PodList\nitems: [" + pod + "]"))).containsExactly("KUBE_KIND app.yaml");
    }

    @Test
    void aClusterKnowsEveryKindWithAPodTemplate() {
        assertThat(images(cluster("""
                kind: CronJob
                spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: "a.b/c:1"}]}}}}}
                ---
                kind: PodTemplate
                template: {spec: {initContainers: [{image: "a.b/d:1"}]}}
                ---
                kind: CustomResourceDefinition
                spec: {containers: [{image: nothing}]}
                """))).containsExactly("a.b/c:1 2", "a.b/d:1 5");
    }

    @Test
    void podmanTakesNamesOfFieldsInAnyCaseAndAClusterDoesNot() {
        String text = "KIND: Pod\nSpec: {CONTAINERS: [{IMAGE: 'a.b/c:1', Image: 'a.b/d:1', ImagePullPolicy: NEVER}]}";
        assertThat(images(podman(text))).containsExactly("a.b/d:1 2");
        assertThat(podman(text).images().getFirst().policy()).isEqualTo(PullPolicy.NEVER);
        assertThat(images(podman(container("IMAGE: a.b/x:1\nimage: a.b/y:1")))).containsExactly("a.b/y:1 6");
        assertThat(images(podman("\u212Aind: Pod\nspec: {container\u017F: [{image: 'a.b/c:1'}]}")))
                .containsExactly("a.b/c:1 2");
        assertThat(cluster(text)).isEqualTo(new KubeManifest(List.of(), List.of()));
        assertThat(problems(cluster(container("IMAGE: a.b/x:1")))).containsExactly("KUBE_NO_IMAGE app.yaml:4 image");
    }

    @ParameterizedTest
    @CsvSource({
        "Always, ALWAYS",
        "always, ALWAYS",
        "IfNotPresent, MISSING",
        "ifNotPresent, MISSING",
        "Never, NEVER",
        "Newer, NEWER"
    })
    void pullPolicies(String word, PullPolicy policy) {
        assertThat(podman(container("image: a.b/c:1\nimagePullPolicy: " + word)).images())
                .singleElement()
                .satisfies(image -> assertThat(image.policy()).isEqualTo(policy));
    }

    @Test
    void aPolicyThatIsNoneIsAnErrorAndTheDefaultDependsOnTheTag() {
        assertThat(problems(podman(container("image: a.b/c:1\nimagePullPolicy: Sometimes"))))
                .containsExactly("KUBE_VALUE app.yaml:6 imagePullPolicy");
        assertThat(problems(cluster(container("image: a.b/c:1\nimagePullPolicy: always"))))
                .containsExactly("KUBE_VALUE app.yaml:6 imagePullPolicy");
        assertThat(cluster(container("image: a.b/c")).images().getFirst().policy())
                .isEqualTo(PullPolicy.ALWAYS);
        assertThat(podman(container("image: a.b/c:latest")).images().getFirst().policy())
                .isEqualTo(PullPolicy.NEWER);
        assertThat(podman(container("image: a.b/c@sha256:" + "0".repeat(64)))
                        .images()
                        .getFirst()
                        .policy())
                .isEqualTo(PullPolicy.MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image: nginx",
                "image: docker://a.b/c:1",
                "image: ' a.b/c:1'",
                "image: |\n  a.b/c:1",
                "image: a.b/${X}:1",
                "image: a.b/$(X):1",
                "image: 12",
                "image: sha256:0123"
            })
    void aReferenceThatPodmanCannotPullIsAnErrorOnItsLine(String field) {
        KubeManifest manifest = podman(container(field));
        assertThat(manifest.images()).isEmpty();
        assertThat(problems(manifest)).containsExactly("IMAGE_REFERENCE app.yaml:5 image");
    }

    @ParameterizedTest
    @CsvSource({
        "name: x, KUBE_NO_IMAGE app.yaml:4 image",
        "image:, KUBE_NO_IMAGE app.yaml:4 image",
        "image: \"\", KUBE_NO_IMAGE app.yaml:5 image",
        "image: [a], KUBE_VALUE app.yaml:5 image",
    })
    void aContainerNeedsAnImage(String field, String problem) {
        assertThat(problems(podman(container(field.equals("name: x") ? "x: y" : field))))
                .contains(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a",
                "text",
                "kind: [Pod]",
                "kind: Pod\nspec: text",
                "kind: Pod\nspec: {containers: {image: x}}",
                "kind: Pod\nspec: {containers: [text]}",
                "kind: Pod\nspec: {volumes: [{image: text}]}"
            })
    void aFieldOfTheWrongTypeIsAnErrorOnItsLine(String text) {
        assertThat(problems(podman(text))).anyMatch(problem -> problem.startsWith("KUBE_VALUE app.yaml:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: Pod\nkind: Pod",
                "kind: Pod\n\tspec: x",
                "a: [",
                "a: *b",
                "a: &a [*a]",
                "a: &a {<<: *a}",
                "{[a]: b}",
                "a: {<<: text}",
                "a: 'x",
                "a: \u0001",
                "%YAML 3.0\n---\na: b",
                "a: !x!y z",
                "a: b: c",
                "]"
            })
    void whatIsNoYamlIsOneErrorWithItsLine(String text) {
        KubeManifest manifest = podman(text);
        assertThat(manifest.images()).isEmpty();
        assertThat(manifest.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("YAML_SYNTAX");
            assertThat(problem.line()).isPresent();
            assertThat(problem.message()).isNotBlank().doesNotContain("\n").hasSizeLessThan(400);
        });
    }

    @Test
    void bytesThatAreNotUtf8AreOneError() {
        byte[] bytes = {'a', ':', ' ', (byte) 0xFF};
        assertThat(KubeManifest.parse(FILE, bytes, Dialect.PODMAN).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("is not UTF-8"));
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void whatIsMountedIsLookedForInThePrimaryStoreAlone(Use use) {
        boolean runs = use == Use.CONTAINER || use == Use.INIT_CONTAINER;
        assertThat(use.isMount()).isNotEqualTo(runs);
    }
}
