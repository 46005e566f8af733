package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    @Test
    void aDeploymentMadeByAKilledRunIsAccepted() {
        BindingRecord ready = Samples.open(Samples.FIRST, Samples.NOON).ready();
        Deployment made = Samples.deployment(1, 0, Optional.of(Samples.FIRST));

        Recovery.Plan plan = Recovery.plan(List.of(ready), List.of(made));

        assertThat(plan.accepted()).containsExactly(new Recovery.Accepted(ready, made));
        assertThat(plan.open()).isEmpty();
        assertThat(plan.unrecorded()).isEmpty();
    }

    @Test
    void aReadyTransactionWithoutItsDeploymentStaysOpen() {
        BindingRecord ready = Samples.open(Samples.FIRST, Samples.NOON).ready();

        Recovery.Plan plan =
                Recovery.plan(List.of(ready), List.of(Samples.deployment(1, 0, Optional.of(Samples.SECOND))));

        assertThat(plan.accepted()).isEmpty();
        assertThat(plan.open()).contains(ready);
    }

    @Test
    void anotherDeploymentOfTheSameCommitIsNotTakenForIt() {
        BindingRecord ready = Samples.open(Samples.FIRST, Samples.NOON).ready();
        Deployment byHand = Samples.deployment(1, 0, Optional.empty());

        Recovery.Plan plan = Recovery.plan(List.of(ready), List.of(byHand));

        assertThat(plan.accepted()).isEmpty();
        assertThat(plan.unrecorded()).containsExactly(byHand);
    }

    @Test
    void ofSeveralOpenTransactionsTheNewestGoesOn() {
        BindingRecord older = Samples.open(Samples.FIRST, Samples.NOON);
        BindingRecord newer = Samples.open(Samples.SECOND, Samples.NOON.plusSeconds(1));

        Recovery.Plan plan = Recovery.plan(List.of(older, newer), List.of());

        assertThat(plan.open()).contains(newer);
        assertThat(plan.superseded()).containsExactly(older);
    }

    @Test
    void aRecordedDeploymentNeedsNothing() {
        BindingRecord record = Samples.committed(Samples.FIRST, 1, 0);

        Recovery.Plan plan =
                Recovery.plan(List.of(record), List.of(Samples.deployment(1, 0, Optional.of(Samples.FIRST))));

        assertThat(plan.accepted()).isEmpty();
        assertThat(plan.open()).isEmpty();
        assertThat(plan.unrecorded()).isEmpty();
    }

    @Test
    void aSecondDeploymentOfARecordedCommitIsNotDescribedByIt() {
        BindingRecord record = Samples.committed(Samples.FIRST, 1, 0);
        Deployment again = Samples.deployment(1, 1, Optional.empty());

        Recovery.Plan plan =
                Recovery.plan(List.of(record), List.of(again, Samples.deployment(1, 0, Optional.of(Samples.FIRST))));

        assertThat(plan.unrecorded()).containsExactly(again);
    }
}
