package dev.lockstep.orchestrator.gate;

import dev.lockstep.orchestrator.gate.Verdict.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Decides whether the staged deployment may become bootable. It only reads. Whoever asks has waited for ostree's lock before
 * ({@link SysrootFileLock}), else something may be staged behind its back. Whatever cannot be made sure of is a refusal.
 */
public final class Gate {
    private final Paths paths;

    /**
     * Where it looks.
     *
     * @param sysroot {@code /sysroot}
     * @param run {@code /run/ostree}
     * @param pass the pass's file
     * @param bootId {@code /proc/sys/kernel/random/boot_id}
     * @param root the directory whose {@code etc} counts: {@code /}
     */
    public record Paths(Path sysroot, Path run, Path pass, Path bootId, Path root) {
        /** Those of the booted host. */
        public static Paths ofTheHost() {
            return new Paths(
                    Path.of("/sysroot"),
                    Path.of("/run/ostree"),
                    Path.of(GatePass.PLACE),
                    Path.of("/proc/sys/kernel/random/boot_id"),
                    Path.of("/"));
        }

        /** ostree's note of what is staged. */
        public Path staged() {
            return run.resolve("staged-deployment");
        }

        /** Older than the key in the note, and ostree still heeds it: while this file is there, nothing is finalized. */
        public Path legacyLock() {
            return run.resolve("staged-deployment-locked");
        }
    }

    public Gate(Paths paths) {
        this.paths = paths;
    }

    /** Reads everything and decides. */
    public Verdict decide() {
        Optional<StagedDeployment> staged;
        try {
            staged = StagedDeployment.read(paths.staged());
        } catch (IOException e) {
            return new Verdict.Refused(
                    Reason.STAGED_UNREADABLE,
                    Optional.empty(),
                    "what is staged cannot be read from " + paths.staged() + ": " + reason(e));
        }
        return staged.map(this::decide).orElseGet(Verdict.NothingStaged::new);
    }

    private Verdict decide(StagedDeployment staged) {
        // Not only when it surely is there: a lock that cannot be looked at is one.
        if (staged.locked() || !Files.notExists(paths.legacyLock(), LinkOption.NOFOLLOW_LINKS)) {
            return new Verdict.Locked(staged);
        }
        DeploymentName name = staged.deployment();
        GatePass pass;
        try {
            pass = GatePass.parse(Files.readAllBytes(paths.pass()));
        } catch (NoSuchFileException e) {
            String sentence = "there is no " + paths.pass() + " for the staged deployment " + name
                    + ": its images were not confirmed";
            return new Verdict.Refused(Reason.NO_PASS, Optional.of(name), sentence);
        } catch (IOException e) {
            String sentence = paths.pass() + " cannot be read, so the staged deployment " + name
                    + " is not let through: " + reason(e);
            return new Verdict.Refused(Reason.PASS_UNREADABLE, Optional.of(name), sentence);
        }
        Optional<Objection> objection = otherBoot(pass)
                .or(() -> otherDeployment(pass, name))
                .or(() -> otherDirectory(pass, name))
                .or(() -> changedEtc(pass))
                .or(() -> goneImage(pass));
        return objection.isPresent()
                ? new Verdict.Refused(
                        objection.get().reason(),
                        Optional.of(name),
                        objection.get().sentence())
                : new Verdict.LetThrough(pass, staged);
    }

    private record Objection(Reason reason, String sentence) {}

    private Optional<Objection> otherBoot(GatePass pass) {
        String now;
        try {
            now = Files.readString(paths.bootId(), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return some(Reason.INTERNAL, "the boot ID cannot be read from " + paths.bootId() + ": " + reason(e));
        }
        return now.equals(pass.bootId())
                ? Optional.empty()
                : some(
                        Reason.PASS_OF_ANOTHER_BOOT,
                        paths.pass() + " is of the boot " + pass.bootId() + ", but this is the boot " + now
                                + ": the images of " + pass.deployment() + " were not confirmed in it");
    }

    private static Optional<Objection> otherDeployment(GatePass pass, DeploymentName staged) {
        return pass.deployment().equals(staged)
                ? Optional.empty()
                : some(
                        Reason.PASS_FOR_ANOTHER_DEPLOYMENT,
                        "the staged deployment is " + staged + ", but the images of " + pass.deployment()
                                + " were confirmed");
    }

    private Optional<Objection> otherDirectory(GatePass pass, DeploymentName staged) {
        Path directory = staged.directory(paths.sysroot());
        try {
            DirectoryIdentity now = DirectoryIdentity.of(directory);
            return now.equals(pass.directory())
                    ? Optional.empty()
                    : some(
                            Reason.DEPLOYMENT_REPLACED,
                            directory + " was replaced after its images were confirmed: it was " + pass.directory()
                                    + ", it is " + now);
        } catch (IOException e) {
            return some(
                    Reason.DEPLOYMENT_REPLACED, directory + " is not the directory that was confirmed: " + reason(e));
        }
    }

    private Optional<Objection> changedEtc(GatePass pass) {
        for (Fingerprint was : pass.fingerprints()) {
            String changed = was.path()
                    + ", which decides what is bound, changed after the images were confirmed: it was " + was.words();
            try {
                Fingerprint now = Fingerprint.of(paths.root(), was.path());
                if (!now.equals(was)) {
                    String at = now.path().equals(was.path()) ? "" : " at " + now.path();
                    return some(Reason.ETC_CHANGED, changed + ", it is " + now.words() + at);
                }
            } catch (IOException e) {
                return some(Reason.ETC_CHANGED, changed + ", it cannot be read: " + reason(e));
            }
        }
        return Optional.empty();
    }

    private static Optional<Objection> goneImage(GatePass pass) {
        if (pass.isForced()) {
            return Optional.empty();
        }
        return StoredImage.check(pass.images())
                .map(missing -> new Objection(Reason.IMAGE_GONE, "an image is not as it was confirmed: " + missing));
    }

    private static Optional<Objection> some(Reason reason, String sentence) {
        return Optional.of(new Objection(reason, sentence));
    }

    private static String reason(IOException failure) {
        return failure instanceof FileSystemException
                ? failure.getClass().getSimpleName() + ": " + failure.getMessage()
                : String.valueOf(failure.getMessage());
    }
}
