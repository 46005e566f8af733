package dev.lockstep.orchestrator;

import java.util.List;
import java.util.Optional;

/** In which state a host is, in a sentence or two. */
final class Summary {

    private Summary() {}

    static String of(
            List<Deployment> deployments,
            Optional<Deployment> booted,
            Optional<Staging> staging,
            Optional<BindingRecord> open,
            Optional<String> takenBack) {
        String now = now(deployments, booted);
        if (staging.isPresent()) {
            return now + " " + staged(staging.get(), open);
        }
        return open.map(record -> now + " "
                        + (takenBack.filter(record::isStagedAs).isPresent()
                                ? takenBack(record)
                                : open(record, booted.isPresent())))
                .orElse(now);
    }

    private static String now(List<Deployment> deployments, Optional<Deployment> booted) {
        if (deployments.isEmpty()) {
            return "Nothing is deployed yet.";
        }
        String next = deployments.get(0).shortName();
        return booted.map(here -> here.id().equals(deployments.get(0).id())
                        ? here.shortName() + " is booted."
                        : here.shortName() + " is booted; " + next + " boots next.")
                .orElse(next + " boots next.");
    }

    private static String staged(Staging staging, Optional<BindingRecord> open) {
        String name = staging.deployment().shortName();
        if (staging.isCommitted()) {
            return name + " is committed: the next reboot leads to it.";
        }
        boolean ours = open.filter(record -> record.isFor(staging.deployment())).isPresent();
        if (!ours) {
            return name + " was staged by another program and is not taken up yet; a reboot does not lead to it.";
        }
        return name + " is staged; a reboot does not lead to it before "
                + (open.filter(record -> record.state() == BindingRecord.State.READY)
                                .isPresent()
                        ? "'lockstep commit': every image is confirmed."
                        : "every image is confirmed. Go on with 'lockstep retry'.");
    }

    private static String takenBack(BindingRecord record) {
        return "What was committed of the transaction to " + record.target()
                + " was taken back by somebody, as 'ostree admin undeploy' does: it does not boot. "
                + "'lockstep retry' stages it again, 'lockstep abort' gives it up.";
    }

    private static String open(BindingRecord record, boolean isBooted) {
        String lost =
                isBooted && record.checksum().isPresent() ? " What it had staged is gone since the last boot." : "";
        return switch (record.state()) {
            case OPEN ->
                "A transaction to " + record.target() + " is open; it cannot boot." + lost
                        + " Go on with 'lockstep retry'.";
            case READY ->
                "A transaction to " + record.target() + " is ready; it cannot boot before 'lockstep commit'." + lost;
            case COMMITTED -> "";
        };
    }
}
