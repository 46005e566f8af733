package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Reports;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The answer to {@code status} as a person reads it: which state, what runs and what it binds, what is under way, what to do. */
final class StatusText {

    private StatusText() {}

    /**
     * The whole answer.
     *
     * @param columns of the terminal, when that is known
     */
    static String of(Reports.Status status, OptionalInt columns) {
        StringBuilder text = new StringBuilder(status.summary()).append("\n\n");
        text.append(deployments(status.deployments(), status.bound(), columns));
        status.transaction().ifPresent(transaction -> {
            text.append("open transaction to ").append(transaction.target()).append('\n');
            text.append("  ")
                    .append(transaction.state())
                    .append(", since ")
                    .append(TextOutput.TIME.format(transaction.since()));
            text.append(", ").append(transaction.id()).append('\n');
            text.append(ImageTable.of(transaction.images(), columns));
            text.append('\n');
        });
        status.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        if (!status.whole()) {
            text.append("next: the booted deployment is not whole; run 'lockstep repair'\n");
        }
        return text.toString();
    }

    static String deployments(List<Reports.DeploymentStatus> deployments, Optional<String> bound, OptionalInt columns) {
        StringBuilder text = new StringBuilder();
        for (Reports.DeploymentStatus deployment : deployments) {
            boolean tags = bound.filter((deployment.checksum() + "." + deployment.serial())::equals)
                    .isPresent();
            text.append(String.format(Locale.ROOT, "%-9s", deployment.role())).append(deployment.name());
            deployment.origin().ifPresent(origin -> text.append("  from ").append(origin));
            text.append(tags ? "  (tags are bound to it)" : "").append('\n');
            text.append(
                    deployment.recorded()
                            ? ImageTable.of(deployment.images(), columns)
                            : "  no record tells what it binds\n");
            text.append('\n');
        }
        return text.toString();
    }
}
