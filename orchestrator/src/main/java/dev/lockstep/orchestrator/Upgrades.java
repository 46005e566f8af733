package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.GatePass;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The commands that move a host forward. The transaction lock is held around each. */
final class Upgrades {
    private final Host host;
    private final Reconciliation reconciliation;
    private final Outcomes outcomes;
    private final Resumption resumption;

    Upgrades(Host host, Reconciliation reconciliation, Outcomes outcomes) {
        this.host = host;
        this.reconciliation = reconciliation;
        this.outcomes = outcomes;
        this.resumption = new Resumption(host);
    }

    /** To the target, as far as it gets. */
    Reports.Outcome upgrade(Lockstep.UpgradeRequest request) throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        Target target = target(request.target());
        Optional<Boolean> tlsVerify = request.tlsVerify().or(host.configuration::tlsVerify);
        host.progress.step(Progress.Step.TARGET, target.toString());
        ResolvedTarget resolved = host.deployments.resolve(target, new TargetAccess(tlsVerify));
        Optional<BindingRecord> open = observed.open();
        boolean goesOn = open.filter(record -> leadsTo(record, resolved)).isPresent();
        Optional<String> against =
                goesOn ? againstGoingOn(open.get()) : new Setbacks(host, observed).speakingAgainst(resolved);
        if (against.isPresent()) {
            return leftAlone(against.get());
        }
        Optional<Deployment> current = observed.current();
        if (current.filter(deployment -> isFrom(deployment, resolved)).isPresent()) {
            return unchanged(observed, current.get());
        }
        if (open.isPresent() && !goesOn) {
            reconciliation.giveUp(open.get(), observed.deployments());
        }
        Intent intent = (request.downloadOnly() ? Intent.WAIT : Intent.COMMIT).takingFrom(host.offline.chosen());
        BindingRecord record = goesOn ? goingOn(open.get(), intent) : begin(target, tlsVerify, intent);
        Transaction transaction = transaction(record);
        Staged staged = transaction.prepare(resolved, false);
        return finish(transaction, staged, observed, request.downloadOnly());
    }

    private Optional<String> againstGoingOn(BindingRecord open) throws LockstepException {
        return resumption.isDue(open) ? resumption.speakingAgainst(open) : Optional.empty();
    }

    /** Boots in vain go on counting: a timer that asks every day is no reason to begin at one again. */
    private BindingRecord goingOn(BindingRecord open, Intent wanted) throws LockstepException {
        Intent before = resumption.isDue(open) ? resumption.counted(open) : open.intent();
        return open.wanting(
                new Intent(wanted.commit(), before.resumed(), before.resumedIn(), Optional.empty(), wanted.source()));
    }

    private Reports.Outcome leftAlone(String why) {
        return outcomes.nothing("Left alone: " + why);
    }

    private BindingRecord begin(Target target, Optional<Boolean> tlsVerify, Intent intent) throws LockstepException {
        BindingRecord record =
                BindingRecord.begin(UUID.randomUUID().toString(), host.clock.instant(), target, tlsVerify, intent);
        host.records.write(record);
        host.events.note(Occurrence.of(Event.BEGAN, record, ""));
        return record;
    }

    /** The open transaction, with the digests that it had resolved. */
    Reports.Outcome retry() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        if (observed.open().isEmpty()) {
            Optional<BindingRecord> setback = new Setbacks(host, observed).first();
            if (setback.isPresent()) {
                return goOn(observed, again(setback.get()), false);
            }
            if (!observed.accepted().isEmpty()) {
                return recovered(observed.accepted().get(observed.accepted().size() - 1));
            }
        }
        BindingRecord open = open(observed, "retry");
        Intent intent = Intent.COMMIT.takingFrom(
                host.offline.chosen().or(() -> open.intent().source()));
        return goOn(observed, open.wanting(intent), false);
    }

    /** A new transaction with the digests of one whose deployment the host went back from. */
    private BindingRecord again(BindingRecord setback) throws LockstepException {
        BindingRecord record = begin(setback.target(), setback.tlsVerify(), Intent.COMMIT);
        return setback.targetDigest().map(record::resolvedTo).orElse(record).binding(setback.images());
    }

    /** What became of the last transaction, told once the host has completed its boot. */
    Reports.Outcome close() throws LockstepException {
        reconciliation.run();
        return outcomes.nothing(
                host.deployments.hasCompletedBoot()
                        ? "Closed: what runs has completed its boot."
                        : "Nothing to do: boot-complete.target is not reached.");
    }

    /**
     * Takes the open transaction up again when a shutdown of the booted host has lost what it had staged: in a few boots, not for ever. One that
     * waited for an administrator is staged and confirmed, and goes on waiting.
     */
    Reports.Outcome resume() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        if (observed.open().isEmpty() || host.deployments.staging().isPresent()) {
            return outcomes.nothing("Nothing to do: no transaction has lost what it had staged.");
        }
        BindingRecord open = observed.open().get();
        Optional<String> against = resumption.speakingAgainst(open);
        if (against.isPresent()) {
            return leftAlone(against.get());
        }
        Intent intent = resumption.counted(open);
        BindingRecord again = open.wanting(intent);
        host.records.write(again);
        host.events.note(Occurrence.of(Event.RESUMED, again, Resumption.words(intent)));
        return goOn(observed, again, !intent.commit());
    }

    /** The interrupted run had done its work; only its note was missing. */
    private Reports.Outcome recovered(Recovery.Accepted accepted) throws LockstepException {
        String name = accepted.deployment().shortName();
        host.deployments.discard(accepted.deployment().checksum());
        return outcomes.of(
                Reports.Result.COMMITTED,
                "Now B: " + name + " boots next. The run that was interrupted had written its entry.",
                accepted.record(),
                Optional.empty(),
                Optional.of(name),
                List.of());
    }

    /** The answer when what is staged is Lockstep's own, or committed, or nothing is; changes nothing. */
    Optional<Reports.Outcome> nothingToAdopt() throws LockstepException {
        Optional<Staging> staging = host.deployments.staging();
        if (staging.isEmpty()) {
            return Optional.of(outcomes.nothing("Nothing to do: nothing is staged."));
        }
        String name = staging.get().deployment().shortName();
        if (staging.get().isCommitted()) {
            return Optional.of(
                    outcomes.nothing("Nothing to do: " + name + " is committed; the next reboot leads to it."));
        }
        return staging.get().deployment().origin().transaction().isPresent()
                ? Optional.of(
                        outcomes.nothing("Nothing to do: " + name + " was staged by Lockstep, which goes on with it."))
                : Optional.empty();
    }

    /** What another program has staged becomes a transaction, and is committed when its images are here. */
    Reports.Outcome adopt() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        Optional<Reports.Outcome> nothing = nothingToAdopt();
        if (nothing.isPresent()) {
            return nothing.get();
        }
        boolean heldByAnother = host.deployments.hold();
        Deployment deployment =
                host.deployments.staging().orElseThrow(Upgrades::goneMeanwhile).deployment();
        Optional<BindingRecord> open = observed.open().filter(record -> record.isFor(deployment));
        if (open.isEmpty() && observed.open().isPresent()) {
            reconciliation.giveUp(observed.open().get(), observed.deployments());
        }
        // Whoever locked it decides when: after a shutdown it is not committed without them.
        boolean setback = new Setbacks(host, observed).concern(deployment.checksum());
        Intent intent = heldByAnother || setback ? Intent.WAIT : Intent.COMMIT;
        open.ifPresent(this::takeFromSameSource);
        BindingRecord record = open.isPresent()
                ? open.get().wanting(intent.takingFrom(open.get().intent().source()))
                : begin(new Target.OstreeRef(deployment.checksum()), Optional.empty(), intent);
        host.events.note(Occurrence.of(
                        Event.ADOPTED,
                        record,
                        deployment.shortName() + " was staged by another program"
                                + (heldByAnother ? ", and somebody else's lock holds it" : "")
                                + (setback ? "; the host went back from the same before, so it waits" : ""))
                .on(deployment.id()));
        Transaction transaction = transaction(record);
        Staged staged = transaction.prepare(
                new Staged(deployment.checksum(), OptionalInt.of(deployment.serial()), deployment.root()),
                open.isPresent());
        return finish(transaction, staged, observed, setback);
    }

    private static LockstepException goneMeanwhile() {
        return new LockstepException(
                ErrorCode.CHANGED_MEANWHILE, "what was staged is gone again", "look at 'ostree admin status'");
    }

    /** The open transaction, whatever its images are, because an administrator wants it. */
    Reports.Outcome force(GatePass.Forced decision) throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        BindingRecord open = open(observed, "commit");
        takeFromSameSource(open);
        Staged staged = open.checksum().isEmpty()
                ? stageAgain(open)
                : host.deployments
                        .staged(open.checksum().get(), open.origin())
                        .orElseThrow(() -> new LockstepException(
                                ErrorCode.CHANGED_MEANWHILE,
                                "the repository has no tree of "
                                        + open.checksum().get() + " any more",
                                "run 'lockstep retry'"));
        Transaction transaction = transaction(open);
        transaction.force(staged, decision);
        host.events.note(Occurrence.of(Event.FORCED, transaction.record(), decision.who() + ": " + decision.why()));
        return finish(transaction, staged, observed, false);
    }

    private Staged stageAgain(BindingRecord open) throws LockstepException {
        return host.deployments.stage(resolveAgain(open), new TargetAccess(open.tlsVerify()), open.origin());
    }

    /** The transaction that is ready. */
    Reports.Outcome commit() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        BindingRecord open = open(observed, "commit");
        if (open.state() != BindingRecord.State.READY) {
            throw new LockstepException(
                    ErrorCode.NO_TRANSACTION,
                    "the transaction to " + open.target() + " is not ready: not every image is confirmed",
                    "run 'lockstep retry'");
        }
        return goOn(observed, open.wanting(open.intent().committing()), false);
    }

    private Reports.Outcome goOn(Reconciliation.Observed observed, BindingRecord open, boolean downloadOnly)
            throws LockstepException {
        takeFromSameSource(open);
        Transaction transaction = transaction(open);
        Optional<Staged> before = open.checksum().isPresent()
                ? host.deployments.staged(open.checksum().get(), open.origin())
                : Optional.empty();
        Staged staged = before.isPresent()
                ? transaction.prepare(before.get(), true)
                : transaction.prepare(resolveAgain(open), true);
        return finish(transaction, staged, observed, downloadOnly);
    }

    private void takeFromSameSource(BindingRecord open) {
        host.offline.openAgain(open.intent().source(), host.progress);
    }

    private BindingRecord open(Reconciliation.Observed observed, String command) throws LockstepException {
        return observed.open()
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.NO_TRANSACTION,
                        "there is no open transaction to " + command,
                        "begin one with 'lockstep upgrade'"));
    }

    /** The same digest again, also when its tag has moved on. */
    private ResolvedTarget resolveAgain(BindingRecord open) throws LockstepException {
        TargetAccess access = new TargetAccess(open.tlsVerify());
        Target exact = switch (open.target()) {
            case Target.Image image ->
                open.targetDigest()
                        .<Target>map(
                                digest -> new Target.Image(image.reference().at(digest)))
                        .orElse(image);
            case Target.OstreeRef ref ->
                open.targetDigest().<Target>map(Target.OstreeRef::new).orElse(ref);
        };
        host.progress.step(Progress.Step.TARGET, exact.toString());
        ResolvedTarget resolved = host.deployments.resolve(exact, access);
        return new ResolvedTarget(open.target(), resolved.digest(), resolved.image());
    }

    private Reports.Outcome finish(
            Transaction transaction, Staged staged, Reconciliation.Observed observed, boolean downloadOnly)
            throws LockstepException {
        BindingRecord ready = transaction.record();
        host.events.note(Occurrence.of(Event.READY, ready, ""));
        Optional<String> from = observed.current().map(Deployment::shortName);
        if (downloadOnly) {
            return outcomes.of(
                    Reports.Result.READY,
                    "Ready: every image is confirmed. "
                            + from.map(name -> name + " boots next").orElse("Nothing boots yet")
                            + " until 'lockstep commit'.",
                    ready,
                    from,
                    from,
                    List.of());
        }
        Deployment made = commit(transaction, staged, observed);
        if (host.deployments.commitsAtShutdown()) {
            return outcomes.of(
                    Reports.Result.COMMITTED,
                    "Committed: the next reboot leads to B, " + made.shortName() + "."
                            + from.map(name -> " Until then A, " + name + ", runs; it is kept to roll back to.")
                                    .orElse(""),
                    transaction.record(),
                    from,
                    Optional.of(made.shortName()),
                    List.of());
        }
        host.deployments.discard(made.checksum());
        return outcomes.of(
                Reports.Result.COMMITTED,
                from.map(name ->
                                "Now B: " + made.shortName() + " boots next. A, " + name + ", is kept to roll back to.")
                        .orElseGet(() -> "Installed: " + made.shortName() + " boots next."),
                transaction.record(),
                from,
                Optional.of(made.shortName()),
                List.of());
    }

    private Deployment commit(Transaction transaction, Staged staged, Reconciliation.Observed observed)
            throws LockstepException {
        BindingRecord ready = transaction.record();
        if (host.deployments.commitsAtShutdown()) {
            host.copies.write(ready);
        }
        Deployment made = transaction.commit(staged, observed.deployments());
        Optional<String> from = observed.current().map(Deployment::shortName);
        host.events.note(Occurrence.of(
                        Event.COMMITTED,
                        ready,
                        made.shortName()
                                + (host.deployments.commitsAtShutdown()
                                        ? " boots after the next shutdown"
                                        : " boots next")
                                + from.map(name -> ", before it was " + name).orElse(""))
                .on(made.id()));
        return made;
    }

    private Reports.Outcome unchanged(Reconciliation.Observed observed, Deployment current) throws LockstepException {
        observed.open()
                .ifPresent(open -> host.progress.warning(
                        "an open transaction to " + open.target() + " is left as it is; 'lockstep abort' gives it up"));
        Mending mending = new Mending(host);
        BindingRecord record = mending.ensureWhole(observed, current);
        for (Deployment older :
                observed.deployments().subList(1, observed.deployments().size())) {
            mending.ensureWholeIfPossible(observed, older);
        }
        return outcomes.of(
                Reports.Result.UNCHANGED,
                "Nothing to do: " + current.shortName() + " boots next, and its images are whole.",
                record,
                Optional.of(current.shortName()),
                Optional.of(current.shortName()),
                List.of());
    }

    /** Gives the open transaction up. */
    Reports.Outcome abort() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        BindingRecord open = open(observed, "abort");
        reconciliation.giveUp(open, observed.deployments());
        Optional<String> current = observed.current().map(Deployment::shortName);
        return outcomes.of(
                Reports.Result.ABORTED,
                "Given up: the transaction to " + open.target() + ". "
                        + current.map(name -> "Still A: " + name + " boots next.")
                                .orElse("Nothing boots yet."),
                open,
                current,
                current,
                List.of("Images that it had fetched stay in the store until they are collected."));
    }

    private Transaction transaction(BindingRecord record) {
        host.progress.transaction(record.transaction());
        StagedChecks checks = new StagedChecks(host.tools, host.progress);
        return new Transaction(record, host.deployments, host.keeper, host.records, checks, host.progress);
    }

    private Target target(Optional<Target> asked) throws LockstepException {
        return asked.or(host.configuration::target)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.TARGET_UNKNOWN,
                        "there is no target to upgrade to",
                        "name one with --target, or as 'target' in /etc/lockstep/lockstep.toml"));
    }

    static boolean isFrom(Deployment deployment, ResolvedTarget target) {
        return target.image().isPresent()
                ? deployment.origin().digest().filter(target.digest()::equals).isPresent()
                : deployment.checksum().equals(target.digest());
    }

    static boolean leadsTo(BindingRecord record, ResolvedTarget target) {
        return record.target().equals(target.target())
                && record.targetDigest().map(target.digest()::equals).orElse(true);
    }
}
