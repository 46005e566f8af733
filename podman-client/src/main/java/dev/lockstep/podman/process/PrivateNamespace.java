package dev.lockstep.podman.process;

import dev.lockstep.podman.disk.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A mount namespace of our own in which programs are started, so that directories of a sysroot that is not booted lie where the booted host
 * will have them, and nothing that a program mounts is left on the host.
 *
 * <p>A namespace belongs to a thread: one platform thread enters it and starts every program.
 */
public final class PrivateNamespace implements ProcessStarter, AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().name("namespace").daemon().unstarted(work));

    private Path root = Path.of("/");

    private PrivateNamespace() {}

    /**
     * Enters a new namespace and shows each key of {@code binds} at its value. The mount points are made where they are missing; they are
     * empty directories on the host and stay.
     *
     * @throws IOException without privilege, or when a directory cannot be mounted
     */
    public static PrivateNamespace enter(Map<Path, Path> binds) throws IOException {
        PrivateNamespace namespace = new PrivateNamespace();
        namespace.call(() -> {
            Posix.enterPrivateMountNamespace();
            for (Map.Entry<Path, Path> bind : binds.entrySet()) {
                Files.createDirectories(bind.getKey());
                Files.createDirectories(bind.getValue());
                Posix.bindMount(bind.getKey(), bind.getValue());
            }
            // The namespace's root as every thread of this process reaches it.
            namespace.root = Path.of("/proc/self/task")
                    .resolve(String.valueOf(
                            Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName()))
                    .resolve("root");
            return namespace;
        });
        return namespace;
    }

    /**
     * Shows the directory {@code source} at the existing directory {@code target} of the namespace as well, over what was shown there before.
     * It ends with the namespace.
     */
    public void show(Path source, Path target) throws IOException {
        call(() -> {
            Posix.bindMount(source, target);
            return target;
        });
    }

    /** The path under which this process reaches a path of the namespace; it ends with the namespace. */
    public Path outside(Path inside) {
        return root.resolve(inside.toString().substring(1));
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        return call(builder::start);
    }

    private <T> T call(java.util.concurrent.Callable<T> work) throws IOException {
        Future<T> result = thread.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException failure) {
                        throw failure;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
