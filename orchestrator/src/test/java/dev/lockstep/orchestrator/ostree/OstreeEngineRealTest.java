package dev.lockstep.orchestrator.ostree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.Confirmed;
import dev.lockstep.orchestrator.Deployment;
import dev.lockstep.orchestrator.Deployments;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.ResolvedTarget;
import dev.lockstep.orchestrator.Staged;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.orchestrator.TargetAccess;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.podman.process.SystemTools;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine on a real, plain sysroot directory with the real ostree. */
class OstreeEngineRealTest {
    private static final TargetAccess ACCESS = new TargetAccess(Optional.empty());
    private static final SystemTools TOOLS = new SystemTools(ProcessBuilder::start, new Cancellation());

    @TempDir
    Path directory;

    private Path sysroot = Path.of("/nowhere");
    private Path image = Path.of("/nowhere");
    private Deployments engine = engineFor(Path.of("/nowhere"));

    private Deployments engineFor(Path at) {
        Layout layout = new Layout(at, "os", at.resolve("state"), directory == null ? at : directory.resolve("run"));
        return new OstreeEngine(layout, TOOLS, new DirectoryAsImage());
    }

    /** The image is a directory. */
    private final class DirectoryAsImage implements ImageTrees.Source {
        @Override
        public ResolvedImage resolve(Target.Image target, TargetAccess access) {
            String digest = "sha256:" + "a".repeat(64);
            return new ResolvedImage(target.reference(), digest, digest, digest, List.of());
        }

        @Override
        public ImageTrees.Mounted mount(ResolvedImage resolved, TargetAccess access) {
            return new ImageTrees.Mounted(image, image);
        }

        @Override
        public void remove(ResolvedImage resolved) {}
    }

    @BeforeEach
    void onAPlainSysroot() throws Exception {
        sysroot = Files.createDirectory(directory.resolve("sysroot"));
        run("ostree", "admin", "init-fs", "--modern", sysroot.toString());
        run("ostree", "admin", "os-init", "--sysroot=" + sysroot, "os");
        engine = engineFor(sysroot);
    }

    @AfterEach
    void deploymentsCanBeRemoved() throws Exception {
        // ostree makes the root directory of a deployment immutable.
        try (var roots = Files.newDirectoryStream(sysroot.resolve("ostree/deploy/os/deploy"), "*.?")) {
            for (Path root : roots) {
                run("chattr", "-i", root.toString());
            }
        } catch (java.nio.file.NoSuchFileException e) {
            assertThat(engine.observe()).isEmpty();
        }
    }

    private static String run(String... arguments) throws Exception {
        ToolResult result = TOOLS.run(ToolCall.reading(Duration.ofMinutes(1), List.of(arguments)));
        assertThat(result.succeeded()).as(result.errorTail()).isTrue();
        return result.text().strip();
    }

    /** A tree as an image has it. */
    private Path tree(String version) throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree-" + version));
        write(tree, "usr/lib/modules/6.1/vmlinuz", "kernel " + version);
        write(tree, "usr/lib/modules/6.1/initramfs.img", "initramfs " + version);
        write(tree, "usr/lib/os-release", "ID=test\nVERSION_ID=" + version + "\n");
        write(tree, "etc/hostname", "host\n");
        write(tree, "var/lib/data", "not part of the operating system\n");
        write(tree, "run/thing", "nor this\n");
        return tree;
    }

    private static void write(Path tree, String file, String text) throws IOException {
        Path path = tree.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text, StandardCharsets.UTF_8);
    }

    private Staged stage(String version) throws Exception {
        image = tree(version);
        String digest = "sha256:" + version.repeat(64);
        Target target = Target.parse("registry.example/os:" + version);
        ResolvedImage resolved =
                new ResolvedImage(((Target.Image) target).reference(), digest, digest, digest, List.of());
        return engine.stage(new ResolvedTarget(target, digest, Optional.of(resolved)), ACCESS, origin("one"));
    }

    private static Deployment.Origin origin(String transaction) {
        return new Deployment.Origin(
                Optional.of("registry.example/os:1"),
                Optional.of("sha256:" + "1".repeat(64)),
                Optional.of(transaction));
    }

    private static Confirmed confirmed(String transaction) {
        return new Confirmed(transaction, origin(transaction), List.of(), List.of(), Map.of(), Optional.empty());
    }

    @Test
    void aFreshSysrootHasNoDeployments() throws Exception {
        engine.checkVersion();
        assertThat(engine.observe()).isEmpty();
    }

    @Test
    void aStagedImageCanBeReadAndCannotBoot() throws Exception {
        Staged staged = stage("1");

        assertThat(engine.observe()).isEmpty();
        try (RootTree root = engine.root(staged)) {
            assertThat(root.read("/etc/hostname").map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                    .contains("host\n");
            assertThat(root.exists("/usr/etc/hostname")).isTrue();
            assertThat(root.exists("/var/lib/data")).isFalse();
            assertThat(root.exists("/run/thing")).isFalse();
            assertThat(root.readLink("/ostree")).contains("sysroot/ostree");
        }
    }

    @Test
    void stagingTwiceGivesTheSameTree() throws Exception {
        Staged first = stage("1");
        assertThat(engine.staged(first.checksum(), origin("one"))).contains(first);
    }

    @Test
    void theCommitMakesItTheDefaultAndKeepsTheFormerOne() throws Exception {
        Deployment a = engine.commit(stage("1"), confirmed("transaction one"));
        Deployment b = engine.commit(stage("2"), confirmed("transaction two"));

        assertThat(engine.observe()).containsExactly(b, a);
        assertThat(b.version()).contains("2");
        assertThat(b.origin()).isEqualTo(origin("transaction two"));
        assertThat(b.root().resolve("etc/hostname")).hasContent("host\n");
        assertThat(b.root().resolve("usr/lib/modules/6.1/vmlinuz")).hasContent("kernel 2");
    }

    @Test
    void aRollbackDeploysTheFormerCommitAnew() throws Exception {
        Deployment a = engine.commit(stage("1"), confirmed("one"));
        engine.commit(stage("2"), confirmed("two"));

        Deployment back = engine.rollback(a, origin("three"));

        assertThat(engine.observe().get(0)).isEqualTo(back);
        assertThat(back.checksum()).isEqualTo(a.checksum());
        assertThat(back.serial()).isEqualTo(1);
        assertThat(back.origin().transaction()).contains("three");
    }

    @Test
    void aDiscardedTreeIsGoneAndDeploymentsOfItStay() throws Exception {
        Staged staged = stage("1");
        Deployment made = engine.commit(staged, confirmed("one"));

        engine.discard(staged.checksum());

        assertThat(staged.tree()).doesNotExist();
        assertThat(engine.observe()).containsExactly(made);
        assertThat(run("ostree", "--repo=" + sysroot.resolve("ostree/repo"), "refs", "lockstep"))
                .isEmpty();
    }

    @Test
    void anOstreeRefIsATargetToo() throws Exception {
        Staged staged = stage("1");
        run("ostree", "--repo=" + sysroot.resolve("ostree/repo"), "refs", "--create=os/stable", staged.checksum());

        ResolvedTarget resolved = engine.resolve(Target.parse("ostree:os/stable"), ACCESS);

        assertThat(resolved.digest()).isEqualTo(staged.checksum());
        assertThat(engine.stage(resolved, ACCESS, origin("one"))).isEqualTo(staged);
    }

    @Test
    void aRefOfARemoteIsLookedUpWithoutItsTreeAndFetchedWhenStaged() throws Exception {
        Path remote = Files.createDirectory(directory.resolve("remote"));
        String repo = "--repo=" + remote;
        Path tree = tree("5");
        Files.move(tree.resolve("etc"), tree.resolve("usr/etc"));
        run("ostree", repo, "init", "--mode=archive");
        String commit = run("ostree", repo, "commit", "--branch=os/stable", "--tree=dir=" + tree);
        run("ostree", repo, "summary", "--update");
        String own = "--repo=" + sysroot.resolve("ostree/repo");
        run("ostree", own, "remote", "add", "--no-gpg-verify", "origin", "file://" + remote);

        ResolvedTarget resolved = engine.resolve(Target.parse("ostree:origin:os/stable"), ACCESS);
        assertThat(resolved.digest()).isEqualTo(commit);
        assertThat(engine.staged(commit, origin("one"))).isEmpty();

        Staged staged = engine.stage(resolved, ACCESS, origin("one"));
        assertThat(staged.tree().resolve("usr/lib/os-release")).content().contains("VERSION_ID=5");
        assertThat(engine.staged(commit, origin("one"))).contains(staged);
    }

    @Test
    void aCommitThatIsGoneIsNotStaged() throws Exception {
        assertThat(engine.staged("0".repeat(64), origin("one"))).isEmpty();
    }

    @Test
    void aRefThatIsNotThereIsToldByName() {
        assertThatThrownBy(() -> engine.resolve(Target.parse("ostree:os/nowhere"), ACCESS))
                .isInstanceOf(LockstepException.class)
                .hasMessageContaining("os/nowhere");
    }

    @Test
    void aTreeWithoutAKernelIsNotBootable() throws Exception {
        image = tree("1");
        Files.delete(image.resolve("usr/lib/modules/6.1/vmlinuz"));
        ResolvedTarget target = engine.resolve(Target.parse("registry.example/app:1"), ACCESS);

        assertThatThrownBy(() -> engine.stage(target, ACCESS, origin("one")))
                .isInstanceOfSatisfying(
                        LockstepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_NOT_BOOTABLE))
                .hasMessageContaining("no kernel");
    }

    @Test
    void theSysrootsLockKeepsOstreeOut() throws Exception {
        Staged staged = stage("1");
        ProcessBuilder deploy =
                new ProcessBuilder("ostree", "admin", "deploy", "--sysroot=" + sysroot, "--os=os", staged.checksum());
        deploy.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        Process waiting;
        try (Deployments.EngineLock ignored = engine.lock()) {
            waiting = deploy.start();
            assertThat(waiting.waitFor(500, java.util.concurrent.TimeUnit.MILLISECONDS))
                    .isFalse();
            assertThat(engine.observe()).isEmpty();
        }
        assertThat(waiting.waitFor()).isZero();
        assertThat(engine.observe()).hasSize(1);
    }
}
