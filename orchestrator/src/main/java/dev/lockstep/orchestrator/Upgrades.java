package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.manifest.RootTree;
import dev.lockstep.podman.ResolvedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The commands that move a host from one deployment to another. The transaction lock is held around each. */
final class Upgrades {
    private final Host host;
    private final Inspection inspection;
    private final Reconciliation reconciliation;

    Upgrades(Host host, Inspection inspection, Reconciliation reconciliation) {
        this.host = host;
        this.inspection = inspection;
        this.reconciliation = reconciliation;
    }

    /** To the target, as far as it gets. */
    Reports.Outcome upgrade(Lockstep.UpgradeRequest request) throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        Target target = target(request.target());
        Optional<Boolean> tlsVerify = request.tlsVerify().or(host.configuration::tlsVerify);
        host.progress.step(Progress.Step.TARGET, target.toString());
        ResolvedTarget resolved = host.deployments.resolve(target, new TargetAccess(tlsVerify));
        Optional<Deployment> current = observed.current();
        if (current.filter(deployment -> isFrom(deployment, resolved)).isPresent()) {
            return unchanged(observed, current.get());
        }
        Optional<BindingRecord> open = observed.open();
        if (open.isPresent() && !leadsTo(open.get(), resolved)) {
            reconciliation.giveUp(open.get(), observed.deployments());
            open = Optional.empty();
        }
        BindingRecord record = open.isPresent() ? open.get() : begin(target, tlsVerify);
        Transaction transaction = transaction(record);
        Staged staged = transaction.prepare(resolved, false);
        return finish(transaction, staged, observed, request.downloadOnly());
    }

    private BindingRecord begin(Target target, Optional<Boolean> tlsVerify) throws LockstepException {
        BindingRecord record =
                BindingRecord.begin(UUID.randomUUID().toString(), host.clock.instant(), target, tlsVerify);
        host.records.write(record);
        host.history.add("began", Optional.of(record.transaction()), Optional.of(target.toString()), "");
        return record;
    }

    /** The open transaction, with the digests that it had resolved. */
    Reports.Outcome retry() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        if (observed.open().isEmpty() && !observed.accepted().isEmpty()) {
            return recovered(observed.accepted().get(observed.accepted().size() - 1));
        }
        return goOn(observed, "retry");
    }

    /** The interrupted run had done its work; only its note was missing. */
    private Reports.Outcome recovered(Recovery.Accepted accepted) throws LockstepException {
        String name = accepted.deployment().shortName();
        host.deployments.discard(accepted.deployment().checksum());
        return outcome(
                Reports.Result.COMMITTED,
                "Now B: " + name + " boots next. The run that was interrupted had written its entry.",
                accepted.record(),
                Optional.empty(),
                Optional.of(name),
                List.of());
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
        return goOn(observed, "commit");
    }

    private Reports.Outcome goOn(Reconciliation.Observed observed, String command) throws LockstepException {
        BindingRecord open = open(observed, command);
        Transaction transaction = transaction(open);
        Optional<Staged> before = open.checksum().isPresent()
                ? host.deployments.staged(open.checksum().get())
                : Optional.empty();
        Staged staged = before.isPresent()
                ? transaction.prepare(before.get(), true)
                : transaction.prepare(resolveAgain(open), true);
        return finish(transaction, staged, observed, false);
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
        host.history.add(
                "ready",
                Optional.of(ready.transaction()),
                Optional.of(ready.target().toString()),
                "");
        Optional<String> from = observed.current().map(Deployment::shortName);
        if (downloadOnly) {
            return outcome(
                    Reports.Result.READY,
                    "Ready: every image is confirmed. "
                            + from.map(name -> name + " boots next").orElse("Nothing boots yet")
                            + " until 'lockstep commit'.",
                    ready,
                    from,
                    from,
                    List.of());
        }
        Deployment made = transaction.commit(staged, observed.deployments());
        host.deployments.discard(made.checksum());
        host.history.add(
                "committed",
                Optional.of(ready.transaction()),
                Optional.of(ready.target().toString()),
                made.shortName() + " boots next"
                        + from.map(name -> ", before it was " + name).orElse(""));
        return outcome(
                Reports.Result.COMMITTED,
                from.map(name ->
                                "Now B: " + made.shortName() + " boots next. A, " + name + ", is kept to roll back to.")
                        .orElseGet(() -> "Installed: " + made.shortName() + " boots next."),
                transaction.record(),
                from,
                Optional.of(made.shortName()),
                List.of());
    }

    private Reports.Outcome unchanged(Reconciliation.Observed observed, Deployment current) throws LockstepException {
        observed.open()
                .ifPresent(open -> host.progress.warning(
                        "an open transaction to " + open.target() + " is left as it is; 'lockstep abort' gives it up"));
        BindingRecord record = ensureWhole(observed, current);
        for (Deployment older :
                observed.deployments().subList(1, observed.deployments().size())) {
            ensureWholeIfPossible(observed, older);
        }
        return outcome(
                Reports.Result.UNCHANGED,
                "Nothing to do: " + current.shortName() + " boots next, and its images are whole.",
                record,
                Optional.of(current.shortName()),
                Optional.of(current.shortName()),
                List.of());
    }

    /** A deployment to roll back to is mended as well as it can be; that it cannot be holds nothing. */
    private void ensureWholeIfPossible(Reconciliation.Observed observed, Deployment older) throws LockstepException {
        if (observed.recordOf(older).isEmpty()) {
            return;
        }
        try {
            ensureWhole(observed, older);
        } catch (LockstepException e) {
            if (e.code() == ErrorCode.CANCELLED) {
                throw e;
            }
            host.progress.warning(older.shortName() + ", which can be rolled back to: " + e.getMessage());
        }
    }

    /** Verifies and mends what a deployment binds; one without a record gets one. */
    private BindingRecord ensureWhole(Reconciliation.Observed observed, Deployment deployment)
            throws LockstepException {
        try (RootTree root = host.deployments.root(deployment)) {
            BoundImages bound = BoundImages.of(root);
            Optional<BindingRecord> known = observed.recordOf(deployment);
            BindingRecord record = known.isPresent() ? known.get() : recordFor(deployment, bound.images(), root);
            host.progress.step(Progress.Step.PULL, record.images().size() + " images");
            List<ResolvedImage> images = host.keeper.fetch(wanted(record, bound.images()), root::copyOut);
            host.progress.step(Progress.Step.PIN, images.size() + " images");
            host.keeper.pin(record.transaction(), images);
            host.progress.step(Progress.Step.CONFIRM, images.size() + " images");
            host.keeper.confirmDurable(images);
            if (known.isEmpty()) {
                host.records.write(record);
            }
            if (host.keeper.repaired() + host.keeper.fetched() > 0) {
                host.history.add(
                        "repaired",
                        Optional.of(record.transaction()),
                        Optional.of(record.target().toString()),
                        host.keeper.fetched() + " images fetched, " + host.keeper.repaired() + " mended");
            }
            return record;
        } catch (IOException e) {
            throw Failures.sysroot("close the tree", deployment.root(), e);
        }
    }

    private BindingRecord recordFor(Deployment deployment, List<BoundImage> images, RootTree root)
            throws LockstepException {
        List<BindingRecord.Bound> bound = new ArrayList<>();
        for (BoundImage image : images) {
            bound.add(new BindingRecord.Bound(
                    image.reference(),
                    image.mode(),
                    Optional.of(host.keeper.resolve(image.reference(), image.pull(), root::copyOut))));
        }
        return BindingRecord.begin(
                        deployment
                                .origin()
                                .transaction()
                                .orElseGet(() -> UUID.randomUUID().toString()),
                        host.clock.instant(),
                        new Target.OstreeRef(deployment.checksum()),
                        Optional.empty())
                .binding(bound)
                .committedAs(deployment);
    }

    /** A record's images with the pull options that the tree gives them. */
    private static List<ImageKeeper.Wanted> wanted(BindingRecord record, List<BoundImage> tree) {
        Map<ImageReference, BoundImage> options = new HashMap<>();
        tree.forEach(image -> options.put(image.reference(), image));
        List<ImageKeeper.Wanted> wanted = new ArrayList<>();
        for (BindingRecord.Bound bound : record.images()) {
            BoundImage image = options.getOrDefault(
                    bound.reference(), new BoundImage(bound.reference(), bound.mode(), PullOptions.DEFAULT, List.of()));
            bound.resolved().ifPresent(resolved -> wanted.add(new ImageKeeper.Wanted(image, resolved)));
        }
        return wanted;
    }

    /** Gives the open transaction up. */
    Reports.Outcome abort() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        BindingRecord open = open(observed, "abort");
        reconciliation.giveUp(open, observed.deployments());
        Optional<String> current = observed.current().map(Deployment::shortName);
        return outcome(
                Reports.Result.ABORTED,
                "Given up: the transaction to " + open.target() + ". "
                        + current.map(name -> "Still A: " + name + " boots next.")
                                .orElse("Nothing boots yet."),
                open,
                current,
                current,
                List.of("Images that it had fetched stay in the store until they are collected."));
    }

    /** The former deployment boots next again. */
    Reports.Outcome rollback() throws LockstepException {
        Reconciliation.Observed observed = reconciliation.run();
        if (observed.deployments().size() < 2) {
            throw new LockstepException(
                    ErrorCode.NO_ROLLBACK,
                    "there is no former deployment to roll back to",
                    "look at 'lockstep status'");
        }
        if (observed.open().isPresent()) {
            reconciliation.giveUp(observed.open().get(), observed.deployments());
        }
        Deployment current = observed.deployments().get(0);
        Deployment former = observed.deployments().get(1);
        BindingRecord old = observed.recordOf(former)
                .orElseThrow(() -> new LockstepException(
                        ErrorCode.NO_RECORD,
                        "no binding record says which images " + former.shortName() + " had",
                        "upgrade to its image or commit instead; its references are then resolved anew"));
        BindingRecord confirmed = confirmAnew(old, former);
        Deployment made =
                host.deployments.rollback(former, transaction(confirmed).origin());
        host.records.write(confirmed.committedAs(made));
        host.history.add(
                "rolled-back",
                Optional.of(confirmed.transaction()),
                Optional.of(confirmed.target().toString()),
                made.shortName() + " boots next, before it was " + current.shortName());
        return outcome(
                Reports.Result.ROLLED_BACK,
                "Back to A: " + made.shortName() + " boots next. " + current.shortName() + " is kept.",
                confirmed,
                Optional.of(current.shortName()),
                Optional.of(made.shortName()),
                List.of(host.deployments.rollbackNote(), "Tags follow when it boots, or with 'lockstep bind'."));
    }

    /** A's record copied for the deployment to come, its images confirmed and pinned anew. */
    private BindingRecord confirmAnew(BindingRecord old, Deployment former) throws LockstepException {
        BindingRecord record = new BindingRecord(
                UUID.randomUUID().toString(),
                BindingRecord.State.OPEN,
                host.clock.instant(),
                old.target(),
                old.tlsVerify(),
                old.targetDigest(),
                Optional.of(former.checksum()),
                java.util.OptionalInt.empty(),
                old.images());
        host.records.write(record);
        try (RootTree root = host.deployments.root(former)) {
            host.progress.step(Progress.Step.PULL, record.images().size() + " images");
            List<ResolvedImage> images =
                    host.keeper.fetch(wanted(record, BoundImages.of(root).images()), root::copyOut);
            host.progress.step(Progress.Step.PIN, images.size() + " images");
            host.keeper.pin(record.transaction(), images);
            host.progress.step(Progress.Step.CONFIRM, images.size() + " images");
            host.keeper.confirmDurable(images);
        } catch (IOException e) {
            throw Failures.sysroot("close the tree", former.root(), e);
        }
        BindingRecord ready = record.ready();
        host.records.write(ready);
        host.progress.step(Progress.Step.COMMIT, "writing the boot loader entry");
        return ready;
    }

    private Transaction transaction(BindingRecord record) {
        return new Transaction(record, host.deployments, host.keeper, host.records, host.progress);
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

    private static boolean leadsTo(BindingRecord record, ResolvedTarget target) {
        return record.target().equals(target.target())
                && record.targetDigest().map(target.digest()::equals).orElse(true);
    }

    private Reports.Outcome outcome(
            Reports.Result result,
            String summary,
            BindingRecord record,
            Optional<String> from,
            Optional<String> to,
            List<String> notes)
            throws LockstepException {
        return new Reports.Outcome(
                result,
                summary,
                Optional.of(record.transaction()),
                from,
                to,
                inspection.images(record),
                host.keeper.fetched(),
                host.keeper.repaired(),
                host.tools.started(),
                host.tools.spent().toMillis(),
                notes);
    }
}
