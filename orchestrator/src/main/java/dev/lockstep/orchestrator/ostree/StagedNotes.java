package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.Deployment;
import dev.lockstep.orchestrator.Failures;
import dev.lockstep.orchestrator.Layout;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Staging;
import dev.lockstep.orchestrator.gate.Gate;
import dev.lockstep.orchestrator.gate.StagedDeployment;
import dev.lockstep.orchestrator.gate.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What ostree notes of the staged deployment in {@code /run/ostree}, and which locks on it are ours. ostree knows two locks: a key of its note,
 * and an older file beside it that our tmpfiles line makes, with our name in it, before anything is staged.
 */
final class StagedNotes {
    private static final Path NOTE = Path.of("/run/ostree/staged-deployment");
    private static final Path LOCK_FILE = Path.of("/run/ostree/staged-deployment-locked");
    private static final String OURS = "lockstep";

    private final Layout layout;

    StagedNotes(Layout layout) {
        this.layout = layout;
    }

    Optional<Staging> read() throws LockstepException {
        try {
            Optional<StagedDeployment> note = StagedDeployment.read(NOTE);
            if (note.isEmpty() || !note.get().stateroot().equals(layout.stateroot())) {
                return Optional.empty();
            }
            Path directory = note.get().directory(layout.sysroot());
            Deployment deployment = BootEntries.deployment(layout.stateroot(), directory);
            boolean locked = note.get().locked() || Files.exists(LOCK_FILE);
            return Optional.of(new Staging(deployment, locked, letThrough()));
        } catch (IOException e) {
            throw Failures.sysroot("read ostree's note of the staged deployment", NOTE, e);
        }
    }

    /** What the gate would say now. */
    static Verdict verdict() {
        return new Gate(Gate.Paths.ofTheHost()).decide();
    }

    private static Optional<String> letThrough() {
        return verdict() instanceof Verdict.LetThrough through
                ? Optional.of(through.pass().transaction())
                : Optional.empty();
    }

    /**
     * Whether a lock on a staging was set by another program or an administrator. The key of the note is ours when we staged it or noted so;
     * the file alone is ours when it has our name in it.
     */
    boolean isLockOfAnother(Staging staging) throws LockstepException {
        boolean ours = staging.deployment().origin().transaction().isPresent() || Files.exists(lockNote(staging));
        return !ours && (isKeyLocked() || !isBornLocked());
    }

    private static boolean isKeyLocked() throws LockstepException {
        try {
            return StagedDeployment.read(NOTE).filter(StagedDeployment::locked).isPresent();
        } catch (IOException e) {
            throw Failures.sysroot("read ostree's note of the staged deployment", NOTE, e);
        }
    }

    private static boolean isBornLocked() throws LockstepException {
        try {
            return Files.readString(LOCK_FILE, StandardCharsets.ISO_8859_1).startsWith(OURS);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failures.sysroot("read", LOCK_FILE, e);
        }
    }

    /** Notes that the lock that is about to be set is ours. */
    void noteLock(Staging staging) throws LockstepException {
        Path note = lockNote(staging);
        try {
            Files.createDirectories(locks());
            Files.writeString(note, staging.deployment().id() + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failures.sysroot("write", note, e);
        }
    }

    /**
     * Our lock was lifted, or went with its staging: what is left of it must not hold the next one, and a lock that is set from now on is
     * not ours.
     */
    void forgetLock(Staging staging) throws LockstepException {
        try {
            Files.deleteIfExists(lockNote(staging));
            Files.deleteIfExists(LOCK_FILE);
        } catch (IOException e) {
            throw Failures.sysroot("remove", LOCK_FILE, e);
        }
    }

    private Path locks() {
        return layout.runtime().resolve("locks");
    }

    private Path lockNote(Staging staging) {
        return locks().resolve(staging.deployment().id());
    }
}
