package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.ostree.Views;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.podman.process.PrivateNamespace;
import dev.lockstep.podman.process.SystemTools;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Programs that see a sysroot's state where the booted host will have it. The namespace is entered when the first program is started, so a
 * command that only reads needs no privilege.
 */
final class SysrootTools implements Tools, Views, AutoCloseable {
    private final Layout layout;
    private final Cancellation cancellation;
    private @Nullable PrivateNamespace namespace;
    private @Nullable Tools tools;
    private int started;
    private Duration spent = Duration.ZERO;

    SysrootTools(Layout layout, Cancellation cancellation) {
        this.layout = layout;
        this.cancellation = cancellation;
    }

    /**
     * Enters the namespace unless it was entered.
     *
     * @throws LockstepException when it cannot be
     */
    PrivateNamespace enter() throws LockstepException {
        PrivateNamespace entered = namespace;
        if (entered != null) {
            return entered;
        }
        try {
            entered = PrivateNamespace.enter(layout.binds());
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.PRIVILEGE,
                    "a private mount namespace for " + layout.sysroot() + " cannot be set up: " + e.getMessage(),
                    "run as root, with CAP_SYS_ADMIN",
                    e);
        }
        namespace = entered;
        tools = new SystemTools(entered, cancellation);
        return entered;
    }

    @Override
    public Path show(Path tree, Path etc) throws LockstepException {
        Path at = layout.view();
        PrivateNamespace entered = enter();
        try {
            Files.createDirectories(at);
            entered.show(tree, at);
            entered.show(etc, at.resolve("etc"));
        } catch (IOException e) {
            throw Failures.sysroot("show the tree", tree, e);
        }
        return entered.outside(at);
    }

    /** The path under which this process reaches a path that programs see. */
    Path outside(Path inside) throws LockstepException {
        return enter().outside(inside);
    }

    @Override
    public ToolResult run(ToolCall call) throws ToolMissingException {
        Tools entered = tools;
        if (entered == null) {
            throw new IllegalStateException("no program is started before the namespace is entered");
        }
        started++;
        long start = System.nanoTime();
        try {
            return entered.run(call);
        } finally {
            spent = spent.plusNanos(System.nanoTime() - start);
        }
    }

    /** The time that programs took so far, together. */
    Duration spent() {
        return spent;
    }

    /** Programs started so far. */
    int started() {
        return started;
    }

    @Override
    public void close() {
        PrivateNamespace entered = namespace;
        if (entered != null) {
            entered.close();
        }
    }
}
