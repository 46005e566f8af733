package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Directories as the gate finds them on a host on which B is staged, its images confirmed and its pass written. */
final class TestingHost {
    static final String BOOT = "0a1b2c3d-0000-4000-8000-00000000000a";
    static final String CHECKSUM = "b".repeat(64);
    static final String IMAGE = "1".repeat(64);
    static final String DIGEST = "sha256:" + "2".repeat(64);
    static final StoredImage.Layer LAYER = new StoredImage.Layer("3".repeat(64), "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    final Path directory;
    final Gate.Paths paths;

    private TestingHost(Path directory) {
        this.directory = directory;
        this.paths = new Gate.Paths(
                directory.resolve("sysroot"),
                directory.resolve("run"),
                directory.resolve("state/gate-pass"),
                directory.resolve("boot_id"),
                directory.resolve("root"));
    }

    /** Before a test has made one. */
    static TestingHost nowhere() {
        return new TestingHost(Path.of("/nowhere"));
    }

    static TestingHost ready(Path directory) throws IOException {
        TestingHost host = new TestingHost(directory);
        Files.createDirectories(host.paths.run());
        Files.createDirectories(directory.resolve("state"));
        Files.createDirectories(host.deployment().directory(host.paths.sysroot()));
        Files.writeString(host.paths.bootId(), BOOT + "\n");
        host.write("root/etc/containers/systemd/a.image", "[Image]\nImage=quay.io/a/b:1\n");
        host.write("sysroot/ostree/lock", "");
        host.addImage();
        host.stage(host.deployment(), Optional.empty());
        host.pass(host.pass());
        return host;
    }

    DeploymentName deployment() {
        return new DeploymentName("os", CHECKSUM, 1);
    }

    Path deploymentDirectory() {
        return deployment().directory(paths.sysroot());
    }

    Verdict decide() {
        return new Gate(paths).decide();
    }

    void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text, StandardCharsets.UTF_8);
    }

    void stage(DeploymentName deployment, Optional<Boolean> locked) throws IOException {
        Variant target = new Variant.Dictionary(Map.of(
                "name",
                new Variant.Text(deployment.name()),
                "osname",
                new Variant.Text(deployment.stateroot()),
                "bootcsum",
                new Variant.Text("c".repeat(64))));
        Map<String, Variant> staged = new java.util.HashMap<>(
                Map.of("target", target, "kargs", new Variant.Texts(List.of("root=LABEL=a", "rw"))));
        locked.ifPresent(value -> staged.put("locked", new Variant.Bool(value)));
        Files.write(paths.staged(), VariantEncoder.dictionary(staged));
    }

    private void addImage() throws IOException {
        String key = "manifest-" + DIGEST;
        String name = "=" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        write(
                "store/overlay-images/images.json",
                "[{\"id\":\"" + IMAGE + "\",\"big-data-names\":[\"manifest\",\"" + key + "\"],\"names\":null}]");
        write("store/overlay-images/" + IMAGE + "/" + name, "{}");
        Files.createDirectories(layer().resolve("diff"));
        write("store/overlay/" + LAYER.id() + "/link", LAYER.link());
    }

    Path layer() {
        return directory.resolve("store/overlay").resolve(LAYER.id());
    }

    StoredImage image() {
        return new StoredImage(directory.resolve("store").toString(), IMAGE, DIGEST, List.of(LAYER));
    }

    GatePass pass() throws IOException {
        return pass(deployment(), BOOT, Optional.empty());
    }

    GatePass pass(DeploymentName deployment, String boot, Optional<GatePass.Forced> forced) throws IOException {
        return new GatePass(
                boot,
                "11111111-1111-4111-8111-111111111111",
                deployment,
                DirectoryIdentity.of(deploymentDirectory()),
                List.of(
                        Fingerprint.of(paths.root(), "/etc/containers/systemd"),
                        Fingerprint.of(paths.root(), "/etc/containers/systemd/a.image"),
                        Fingerprint.of(paths.root(), "/etc/containers/auth.json")),
                List.of(image()),
                forced);
    }

    void pass(GatePass pass) throws IOException {
        Files.write(paths.pass(), pass.encode());
    }
}
