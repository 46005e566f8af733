package dev.lockstep.orchestrator;

import java.util.List;
import java.util.Optional;

/** Makes the answer to a command that changes something. */
final class Outcomes {
    private final Host host;
    private final Inspection inspection;

    Outcomes(Host host, Inspection inspection) {
        this.host = host;
        this.inspection = inspection;
    }

    /** Nothing was to be done. */
    Reports.Outcome nothing(String summary) {
        return new Reports.Outcome(
                Reports.Result.UNCHANGED,
                summary,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                0,
                0,
                host.tools.started(),
                host.tools.spent().toMillis(),
                List.of());
    }

    Reports.Outcome of(
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
