package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which store the one who uses a bound image looks for it. */
final class PlacementsTest {
    private static final String OURS = "/run/lockstep/store";
    private static final String BOOTCS = "/usr/lib/bootc/storage";

    @TempDir
    Path directory = Path.of("");

    private static String configuration(String... stores) {
        return "[storage.options]\nadditionalimagestores = ['" + String.join("', '", stores) + "']\n";
    }

    private static List<Placement> placements(TestRoot root) {
        return root.read().images().stream()
                .flatMap(image -> image.sources().stream())
                .map(source -> source.use().placement())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|PRIMARY",
                "GlobalArgs=--storage-opt=additionalimagestore=OURS|LOCKSTEP",
                "GlobalArgs=--storage-opt additionalimagestore=/var/lib/lockstep/storage|LOCKSTEP",
                "GlobalArgs=--storage-opt=additionalimagestore=BOOTCS|BOOTC",
                "GlobalArgs=--storage-opt=additionalimagestore=BOOTCS,additionalimagestore=OURS|LOCKSTEP",
                "GlobalArgs=--storage-opt=additionalimagestore=/elsewhere|PRIMARY",
                "PodmanArgs=--storage-opt=overlay.additionalimagestore=OURS|LOCKSTEP",
                "GlobalArgs=--root=/r --storage-opt=additionalimagestore=OURS|LOCKSTEP",
                "GlobalArgs=--imagestore=/r|PRIMARY",
                "[Service]~Environment=STORAGE_OPTS=additionalimagestore=OURS|LOCKSTEP",
                "[Service]~Environment=\"STORAGE_OPTS=x=y,overlay.additionalimagestore=BOOTCS\"|BOOTC",
                "[Service]~Environment=CONTAINERS_STORAGE_CONF=/etc/own.conf|LOCKSTEP",
                "[Service]~Environment=CONTAINERS_STORAGE_CONF=/etc/none.conf|PRIMARY",
                "[Service]~Environment=CONTAINERS_STORAGE_CONF=own.conf|PRIMARY"
            })
    void aUnitOfARootThatConfiguresNoStore(String lines, Placement placement) {
        String more = lines == null
                ? ""
                : lines.replace("OURS", OURS).replace("BOOTCS", BOOTCS).replace('~', '\n');
        TestRoot root = TestRoot.in(directory)
                .file("/etc/own.conf", configuration(OURS))
                .bound("a.container", "[Container]\nImage=quay.io/a:1\n" + more + "\n");
        assertThat(placements(root)).containsExactly(placement);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|LOCKSTEP",
                "GlobalArgs=--storage-opt=additionalimagestore=/elsewhere|PRIMARY",
                "GlobalArgs=--root=/r|PRIMARY",
                "[Service]~Environment=STORAGE_OPTS=x=y|PRIMARY",
                "[Service]~Environment=CONTAINERS_STORAGE_CONF=/etc/none.conf|PRIMARY",
                "[Service]~Environment=CONTAINERS_CONF=/etc/none.conf|LOCKSTEP"
            })
    void whatAUnitSaysTakesThePlaceOfTheConfiguration(String lines, Placement placement) {
        TestRoot root = TestRoot.in(directory)
                .file("/usr/share/containers/storage.conf", configuration(OURS))
                .bound(
                        "a.container",
                        "[Container]\nImage=quay.io/a:1\n" + (lines == null ? "" : lines.replace('~', '\n')) + "\n");
        assertThat(placements(root)).containsExactly(placement);
    }

    @Test
    void theAdministratorsConfigurationAloneCounts() {
        TestRoot root = TestRoot.in(directory)
                .file("/usr/share/containers/storage.conf", configuration(OURS))
                .file("/etc/containers/storage.conf", configuration(BOOTCS))
                .bound("a.container", "[Container]\nImage=quay.io/a:1\n");
        assertThat(placements(root)).containsExactly(Placement.BOOTC);
    }

    @Test
    void whatPodmanMountsAndArtifactsAreInThePrimaryStore() {
        TestRoot root = TestRoot.in(directory)
                .file("/usr/share/containers/storage.conf", configuration(OURS))
                .file(
                        TestRoot.QUADLETS + "/a.yaml",
                        "kind: Pod\nspec:\n  containers:\n  - image: quay.io/k:1\n  volumes:\n  - image: {reference: quay.io/v:1}\n")
                .bound(
                        "a.container",
                        "[Container]\nImage=quay.io/a:1\nMount=type=image,source=quay.io/m:1,destination=/m\n")
                .bound("b.kube", "[Kube]\nYaml=a.yaml\n")
                .bound("c.artifact", "[Artifact]\nArtifact=quay.io/art:1\n");
        assertThat(placements(root))
                .containsExactly(
                        Placement.LOCKSTEP,
                        Placement.PRIMARY,
                        Placement.LOCKSTEP,
                        Placement.PRIMARY,
                        Placement.PRIMARY);
    }

    @Test
    void anImageWithoutAUnitIsForThoseThatLookIntoOurStore() {
        TestRoot root = TestRoot.in(directory)
                .file("/usr/lib/lockstep/bound-images/a.toml", "[[image]]\nimage = 'quay.io/a:1'\n");
        assertThat(placements(root)).containsExactly(Placement.LOCKSTEP);
    }
}
