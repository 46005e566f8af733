package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.Lockstep;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.podman.OciDirectory;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller wants done.
 *
 * @param id the transaction's, chosen by the caller or by us
 * @param kind what it does
 * @param target of {@link Kind#STAGE}, instead of the configured one
 * @param tlsVerify for the operating system's image
 * @param downloadOnly stop when ready
 * @param digest that the target must mean, or nothing is committed
 * @param reason of {@link Kind#FORCE}, and who wants it
 * @param from where images are taken from before a registry is asked
 */
record Order(
        String id,
        Kind kind,
        Optional<Target> target,
        Optional<Boolean> tlsVerify,
        boolean downloadOnly,
        Optional<String> digest,
        Optional<Reason> reason,
        Optional<OciDirectory> from) {

    private static final Set<String> COMMON = Set.of("transaction-id");
    private static final Set<String> STAGE =
            Set.of("transaction-id", "target", "tls-verify", "download-only", "require-digest", "from");
    private static final Set<String> FETCH = Set.of("transaction-id", "from");
    private static final Set<String> COMMIT = Set.of("transaction-id", "require-digest", "force", "reason");
    private static final int LONGEST_ID = 128;

    /** Who wants images left out, and why. */
    record Reason(String who, String why) {}

    /** Options that a kind takes. */
    static Set<String> known(Kind kind) {
        return switch (kind) {
            case STAGE -> STAGE;
            case COMMIT, FORCE -> COMMIT;
            case RETRY, REPAIR -> FETCH;
            case ABORT, ROLLBACK -> COMMON;
        };
    }

    /** Reads the options of a call. */
    static Order of(Kind kind, CallOptions options) {
        String id = options.text("transaction-id")
                .orElseGet(() -> java.util.UUID.randomUUID().toString());
        if (id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("a transaction-id has at most " + LONGEST_ID + " characters");
        }
        boolean force = kind == Kind.COMMIT && options.flag("force");
        return new Order(
                id,
                force ? Kind.FORCE : kind,
                kind == Kind.STAGE ? options.target() : Optional.empty(),
                kind == Kind.STAGE ? options.choice("tls-verify") : Optional.empty(),
                kind == Kind.STAGE && options.flag("download-only"),
                kind == Kind.STAGE || kind == Kind.COMMIT ? options.text("require-digest") : Optional.empty(),
                force
                        ? Optional.of(new Reason("", options.text("reason").orElse("no reason given")))
                        : Optional.empty(),
                known(kind).contains("from") ? options.directory("from") : Optional.empty());
    }

    /** The same with the name of who wants it. */
    Order by(String who) {
        return new Order(
                id,
                kind,
                target,
                tlsVerify,
                downloadOnly,
                digest,
                reason.map(given -> new Reason(who, given.why())),
                from);
    }

    /** Does it. A failure leaves the host as the orchestrator says. */
    Reports.Outcome run(Lockstep lockstep) throws LockstepException {
        return switch (kind) {
            case STAGE -> digest.isEmpty() ? lockstep.upgrade(request(downloadOnly)) : exactly(lockstep);
            case COMMIT -> {
                requireDigest(lockstep);
                yield lockstep.commit();
            }
            case FORCE -> {
                requireDigest(lockstep);
                Reason given = reason.orElse(new Reason("", ""));
                yield lockstep.force(given.who(), given.why());
            }
            case ABORT -> lockstep.abort();
            case ROLLBACK -> lockstep.rollback();
            case RETRY -> lockstep.retry();
            case REPAIR -> lockstep.repair();
        };
    }

    /** Nothing is committed before what was resolved is seen to be what is wanted. */
    private Reports.Outcome exactly(Lockstep lockstep) throws LockstepException {
        Reports.Check check = lockstep.check(target, tlsVerify);
        requireSame(check.target(), Optional.of(check.digest()));
        Reports.Outcome ready = lockstep.upgrade(request(true));
        if (ready.result() != Reports.Result.READY || downloadOnly) {
            return ready;
        }
        requireDigest(lockstep);
        return lockstep.commit();
    }

    private Lockstep.UpgradeRequest request(boolean untilReady) {
        return new Lockstep.UpgradeRequest(target, tlsVerify, untilReady);
    }

    private void requireDigest(Lockstep lockstep) throws LockstepException {
        if (digest.isPresent()) {
            Optional<Reports.TransactionStatus> open = lockstep.status().transaction();
            if (open.isPresent()) {
                requireSame(open.get().target(), open.get().digest());
            }
        }
    }

    private void requireSame(String name, Optional<String> found) throws LockstepException {
        if (!found.equals(digest)) {
            throw new LockstepException(
                    ErrorCode.CHANGED_MEANWHILE,
                    name + " means " + found.orElse("nothing yet") + ", not " + digest.orElse("") + " as required",
                    "look at 'lockstep check', and require the digest that is wanted");
        }
    }
}
