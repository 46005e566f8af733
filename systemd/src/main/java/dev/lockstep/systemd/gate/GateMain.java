package dev.lockstep.systemd.gate;

import dev.lockstep.orchestrator.gate.Gate;
import dev.lockstep.orchestrator.gate.SysrootFileLock;
import dev.lockstep.orchestrator.gate.Verdict;
import dev.lockstep.orchestrator.gate.Verdict.Reason;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The gate: waits for ostree's lock, decides, notes the verdict, and finalizes only what is let through. Any failure of its own is a veto,
 * since whoever runs it finalizes nothing else.
 */
public final class GateMain {
    private static final int USAGE = 2;

    private final GateOptions options;

    private GateMain(GateOptions options) {
        this.options = options;
    }

    /**
     * Runs the gate and exits with its status.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(status(List.of(arguments)));
    }

    private static int status(List<String> arguments) {
        Optional<GateOptions> options;
        try {
            options = GateOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("lockstep-gate: " + e.getMessage() + "; see 'lockstep-gate --help'");
            return USAGE;
        }
        if (options.isEmpty()) {
            System.out.print(GateOptions.USAGE);
            return 0;
        }
        return new GateMain(options.get()).run();
    }

    private int run() {
        Verdict verdict = verdict();
        tell(verdict);
        return switch (verdict) {
            case Verdict.NothingStaged nothing -> 0;
            case Verdict.Locked locked -> 0;
            case Verdict.Refused refused -> 1;
            case Verdict.LetThrough through -> finalizeStaged(through);
        };
    }

    /** The lock first: only then nobody stages any more behind what is read. */
    private Verdict verdict() {
        try {
            if (!SysrootFileLock.waitUntilFree(options.paths().sysroot(), options.patience())) {
                return refused(
                        Reason.LOCK_TIMEOUT,
                        "ostree's lock " + options.paths().sysroot().resolve("ostree/lock") + " was held for "
                                + options.patience().toMillis() + " ms, so what is staged is not known");
            }
            return new Gate(options.paths()).decide();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused(Reason.INTERNAL, "the gate was interrupted");
        } catch (Throwable e) {
            e.printStackTrace();
            return refused(Reason.INTERNAL, "the gate itself failed: " + e);
        }
    }

    private static Verdict refused(Reason reason, String sentence) {
        return new Verdict.Refused(reason, Optional.empty(), sentence);
    }

    private int finalizeStaged(Verdict.LetThrough through) {
        String command = String.join(" ", options.command());
        String failure;
        int status;
        try {
            status = new ProcessBuilder(options.command()).inheritIO().start().waitFor();
            failure = "ended with status " + status;
        } catch (IOException e) {
            status = 1;
            failure = "cannot be started: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
            failure = "was not waited for";
        }
        if (status != 0) {
            tell(new Verdict.Refused(
                    Reason.FINALIZE_FAILED,
                    through.deployment(),
                    "the staged deployment " + through.staged().deployment() + " was let through, but '" + command
                            + "' " + failure));
        }
        return status;
    }

    /** One line for the journal, and the file for the next boot; that the file cannot be written changes nothing. */
    private void tell(Verdict verdict) {
        System.out.println("lockstep-gate: " + verdict.code() + ": " + verdict.sentence());
        VerdictFile file = new VerdictFile(
                Instant.now(),
                bootId(),
                verdict.deployment().map(Object::toString),
                verdict.code(),
                verdict.sentence());
        try {
            file.write(options.verdict());
        } catch (IOException | RuntimeException e) {
            System.err.println("lockstep-gate: the verdict cannot be written to " + options.verdict() + ": " + e);
        }
    }

    private String bootId() {
        try {
            return Files.readString(options.paths().bootId(), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            // The verdict tells it when it matters.
            return "";
        }
    }
}
