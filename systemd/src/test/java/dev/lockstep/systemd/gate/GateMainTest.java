package dev.lockstep.systemd.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.orchestrator.gate.DeploymentName;
import dev.lockstep.orchestrator.gate.DirectoryIdentity;
import dev.lockstep.orchestrator.gate.Fingerprint;
import dev.lockstep.orchestrator.gate.Gate;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate as a process of its own, with nothing but its own classes, those of the decision and the JDK. */
class GateMainTest {
    private static final String BOOT = "0a1b2c3d-0000-4000-8000-00000000000a";
    private static final DeploymentName B = new DeploymentName("os", "b".repeat(64), 1);

    @TempDir
    Path directory;

    private record Answer(int status, String out, String err) {}

    @BeforeEach
    void aHostThatIsReady() throws Exception {
        Files.createDirectories(B.directory(directory.resolve("sysroot")));
        Files.createFile(directory.resolve("sysroot/ostree/lock"));
        Files.createDirectory(directory.resolve("run"));
        Files.createDirectory(directory.resolve("state"));
        Files.createDirectories(directory.resolve("root/etc"));
        Files.writeString(directory.resolve("root/etc/a.image"), "[Image]\n");
        Files.writeString(directory.resolve("boot_id"), BOOT + "\n");
        Files.write(directory.resolve("run/staged-deployment"), staged());
        Files.write(directory.resolve("state/gate-pass"), pass().encode());
    }

    /** {@code target: {name: B, osname: os}}, each container's offsets behind it. */
    private static byte[] staged() throws IOException {
        byte[] inner = array(List.of(entry("name", B.name(), "s"), entry("osname", B.stateroot(), "s")));
        return array(List.of(framed("target", inner, "a{sv}")));
    }

    private static byte[] entry(String key, String value, String type) throws IOException {
        return framed(key, (value + "\0").getBytes(StandardCharsets.UTF_8), type);
    }

    private static byte[] framed(String key, byte[] value, String type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((key + "\0").getBytes(StandardCharsets.UTF_8));
        int end = bytes.size();
        align(bytes);
        bytes.write(value);
        bytes.write(0);
        bytes.write(type.getBytes(StandardCharsets.UTF_8));
        bytes.write(end);
        return bytes.toByteArray();
    }

    private static byte[] array(List<byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>();
        for (byte[] entry : entries) {
            align(bytes);
            bytes.write(entry);
            ends.add(bytes.size());
        }
        ends.forEach(bytes::write);
        assertThat(bytes.size()).isLessThan(256);
        return bytes.toByteArray();
    }

    private static void align(ByteArrayOutputStream bytes) {
        while (bytes.size() % 8 != 0) {
            bytes.write(0);
        }
    }

    private GatePass pass() throws IOException {
        return new GatePass(
                BOOT,
                "11111111-1111-4111-8111-111111111111",
                B,
                DirectoryIdentity.of(B.directory(directory.resolve("sysroot"))),
                List.of(Fingerprint.of(directory.resolve("root"), "/etc/a.image")),
                List.of(),
                Optional.empty());
    }

    private Process start(String... more) throws IOException, URISyntaxException {
        return start(List.of(), more);
    }

    private Process start(List<String> before, String... more) throws IOException, URISyntaxException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                classesOf(GateMain.class) + ":" + classesOf(Gate.class),
                GateMain.class.getName()));
        List.of("sysroot", "run", "state", "root")
                .forEach(name -> command.addAll(
                        List.of("--" + name, directory.resolve(name).toString())));
        command.addAll(List.of("--boot-id", directory.resolve("boot_id").toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private static Path classesOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private Answer gate(String... more) throws Exception {
        return answer(start(more));
    }

    private Answer answer(Process process) throws Exception {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Answer(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    private Answer gateThatMarks() throws Exception {
        return gate("--", "touch", finalized().toString());
    }

    private Path finalized() {
        return directory.resolve("finalized");
    }

    private VerdictFile verdict() throws IOException {
        return VerdictFile.read(directory.resolve("state/gate-verdict")).orElseThrow();
    }

    private void assertRefused(Answer answer, String code) throws IOException {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(1);
        assertThat(answer.out()).startsWith("lockstep-gate: " + code + ": ").hasLineCount(1);
        assertThat(finalized()).doesNotExist();
        assertThat(verdict().code()).isEqualTo(code);
        assertThat(answer.out()).contains(verdict().sentence());
        assertThat(verdict().bootId()).isEqualTo(BOOT);
    }

    @Test
    void whatWasConfirmedIsFinalized() throws Exception {
        Answer answer = gateThatMarks();

        assertThat(answer.status()).as(answer.toString()).isZero();
        assertThat(answer.out()).startsWith("lockstep-gate: LET_THROUGH: ").hasLineCount(1);
        assertThat(answer.err()).isEmpty();
        assertThat(finalized()).exists();
        assertThat(verdict().code()).isEqualTo("LET_THROUGH");
        assertThat(verdict().deployment()).contains(B.toString());
    }

    @Test
    void theCommandsOwnFailureIsTheGates() throws Exception {
        Answer answer = gate("sh", "-c", "echo out; echo err >&2; exit 7");

        assertThat(answer.status()).isEqualTo(7);
        assertThat(answer.out()).contains("LET_THROUGH", "\nout\n", "FINALIZE_FAILED", "ended with status 7");
        assertThat(answer.err()).isEqualTo("err\n");
        assertThat(verdict().code()).isEqualTo("FINALIZE_FAILED");
    }

    @Test
    void aCommandThatIsMissingIsAFailure() throws Exception {
        Answer answer = gate("/nowhere/ostree");
        assertThat(answer.status()).isEqualTo(1);
        assertThat(verdict().code()).isEqualTo("FINALIZE_FAILED");
        assertThat(verdict().sentence()).contains("/nowhere/ostree", "cannot be started");
    }

    @Test
    void nothingStagedFinalizesNothing() throws Exception {
        Files.delete(directory.resolve("run/staged-deployment"));
        Answer answer = gateThatMarks();
        assertThat(answer.status()).isZero();
        assertThat(answer.out()).isEqualTo("lockstep-gate: NOTHING_STAGED: nothing is staged; nothing is finalized\n");
        assertThat(finalized()).doesNotExist();
        assertThat(verdict().deployment()).isEmpty();
    }

    @Test
    void aLockFinalizesNothing() throws Exception {
        Files.createFile(directory.resolve("run/staged-deployment-locked"));
        Answer answer = gateThatMarks();
        assertThat(answer.status()).isZero();
        assertThat(answer.out()).startsWith("lockstep-gate: LOCKED: ");
        assertThat(finalized()).doesNotExist();
    }

    @Test
    void withoutAPassItIsRefused() throws Exception {
        Files.delete(directory.resolve("state/gate-pass"));
        assertRefused(gateThatMarks(), "NO_PASS");
        assertThat(verdict().deployment()).contains(B.toString());
    }

    @Test
    void aPassThatIsGarbageIsRefused() throws Exception {
        Files.write(directory.resolve("state/gate-pass"), new byte[] {(byte) 0xff, 0, 1, '\n'});
        assertRefused(gateThatMarks(), "PASS_UNREADABLE");
    }

    @Test
    void aChangeBelowEtcIsRefused() throws Exception {
        Files.writeString(directory.resolve("root/etc/a.image"), "[Image]\nImage=x\n");
        assertRefused(gateThatMarks(), "ETC_CHANGED");
    }

    @Test
    void whatIsStagedWhileTheLockIsHeldIsSeen() throws Exception {
        Process gate;
        Path staged = directory.resolve("run/staged-deployment");
        Files.delete(staged);
        Files.delete(directory.resolve("state/gate-pass"));
        try (FileChannel stager =
                FileChannel.open(directory.resolve("sysroot/ostree/lock"), StandardOpenOption.WRITE)) {
            assertThat(stager.tryLock()).isNotNull();
            gate = start("--", "touch", finalized().toString());
            assertThat(gate.waitFor(1500, TimeUnit.MILLISECONDS)).isFalse();
            Files.write(staged, staged());
        }
        assertRefused(answer(gate), "NO_PASS");
    }

    @Test
    void theLockIsWaitedForAlsoOnAReadOnlySysroot() throws Exception {
        List<String> readOnly = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"",
                directory.resolve("sysroot").toString());
        try (FileChannel stager =
                FileChannel.open(directory.resolve("sysroot/ostree/lock"), StandardOpenOption.WRITE)) {
            assertThat(stager.tryLock()).isNotNull();
            assertRefused(
                    answer(start(
                            readOnly,
                            "--patience",
                            "200",
                            "--",
                            "touch",
                            finalized().toString())),
                    "LOCK_TIMEOUT");
        }
        Answer free = answer(start(readOnly, "--", "touch", finalized().toString()));
        assertThat(free.status()).as(free.toString()).isZero();
        assertThat(finalized()).exists();
    }

    @Test
    void aLockThatIsHeldTooLongIsRefused() throws Exception {
        try (FileChannel stager =
                FileChannel.open(directory.resolve("sysroot/ostree/lock"), StandardOpenOption.WRITE)) {
            assertThat(stager.tryLock()).isNotNull();
            assertRefused(gate("--patience", "200", "--", "touch", finalized().toString()), "LOCK_TIMEOUT");
        }
    }

    @Test
    void aFailureOfItsOwnIsRefused() throws Exception {
        Files.delete(directory.resolve("sysroot/ostree/lock"));
        Files.createDirectory(directory.resolve("sysroot/ostree/lock"));
        assertRefused(gateThatMarks(), "INTERNAL");
    }

    @Test
    void aVerdictThatCannotBeWrittenChangesNothing() throws Exception {
        Files.createDirectories(directory.resolve("state/gate-verdict/in-the-way"));
        Answer through = gateThatMarks();
        assertThat(through.status()).isZero();
        assertThat(through.err())
                .contains("the verdict cannot be written to " + directory.resolve("state/gate-verdict"));
        assertThat(finalized()).exists();
        Files.delete(finalized());

        Files.delete(directory.resolve("state/gate-pass"));
        assertThat(gateThatMarks().status()).isEqualTo(1);
        assertThat(finalized()).doesNotExist();
    }

    @Test
    void helpAndWrongCommandLines() throws Exception {
        Files.delete(directory.resolve("run/staged-deployment"));
        assertThat(gate("--patience", "soon").status()).isEqualTo(2);
        Answer unknown = gate("--force", "yes");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .isEqualTo("lockstep-gate: there is no option '--force'; see 'lockstep-gate --help'\n");
        Answer help = gate("--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).isEqualTo(GateOptions.USAGE);
        assertThat(directory.resolve("state/gate-verdict")).doesNotExist();
    }
}
