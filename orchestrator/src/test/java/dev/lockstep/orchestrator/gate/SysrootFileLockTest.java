package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysrootFileLockTest {
    private static final Duration SOON = Duration.ofMillis(120);
    private static final Duration LATE = Duration.ofMinutes(1);

    @TempDir
    Path sysroot;

    private Path lock = Path.of("/nowhere");

    @BeforeEach
    void aSysroot() throws Exception {
        Files.createDirectory(sysroot.resolve("ostree"));
        lock = Files.createFile(sysroot.resolve("ostree/lock"));
    }

    @Test
    void aLockThatNobodyHoldsIsFreeAndStaysFree() throws Exception {
        assertThat(SysrootFileLock.waitUntilFree(sysroot, Duration.ZERO)).isTrue();
        assertThat(SysrootFileLock.waitUntilFree(sysroot, Duration.ZERO)).isTrue();
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
        }
    }

    @Test
    void aLockThatIsHeldAllTheTimeIsNotFree() throws Exception {
        try (FileChannel holder = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertThat(holder.tryLock()).isNotNull();
            assertThat(SysrootFileLock.waitUntilFree(sysroot, SOON)).isFalse();
        }
    }

    @Test
    void aLockThatAnotherProcessHoldsIsNotFree() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SysrootFileLockTest.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(holder.getInputStream().read()).isEqualTo('h');
        assertThat(SysrootFileLock.waitUntilFree(sysroot, SOON)).isFalse();

        holder.getOutputStream().close();
        assertThat(SysrootFileLock.waitUntilFree(sysroot, LATE)).isTrue();
        assertThat(holder.waitFor()).isZero();
    }

    /** Holds a lock until its input ends. */
    public static void main(String[] arguments) throws Exception {
        try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNotNull();
            System.out.print("h");
            System.out.flush();
            assertThat(System.in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aLockThatIsReleasedIsFree() throws Exception {
        FileChannel holder = FileChannel.open(lock, StandardOpenOption.WRITE);
        assertThat(holder.tryLock()).isNotNull();
        Thread releasing = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(SOON);
                holder.close();
            } catch (java.io.IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(SysrootFileLock.waitUntilFree(sysroot, LATE)).isTrue();
        releasing.join();
    }

    @Test
    void aSysrootThatWasNeverLockedIsFree() throws Exception {
        Files.delete(lock);
        assertThat(SysrootFileLock.waitUntilFree(sysroot, Duration.ZERO)).isTrue();
    }

    @Test
    void whatIsNotALockIsTold() throws Exception {
        Files.delete(lock);
        Files.createDirectory(lock);
        assertThatThrownBy(() -> SysrootFileLock.waitUntilFree(sysroot, LATE))
                .hasMessage(lock + " is not a regular file, so it cannot be locked");
    }
}
