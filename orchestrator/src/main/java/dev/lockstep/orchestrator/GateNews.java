package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.LineFileException;
import dev.lockstep.orchestrator.gate.VerdictFile;
import java.io.IOException;
import java.util.Optional;

/** The shutdown gate runs when nobody can be told; what it refused is told by the next run, once. */
final class GateNews {
    private final Host host;

    GateNews(Host host) {
        this.host = host;
    }

    /** Notes the last shutdown's refusal unless the history has it already. */
    void tell() throws LockstepException {
        Optional<VerdictFile> verdict = read();
        if (verdict.isEmpty()
                || !verdict.get().refused()
                || verdict.get().bootId().equals(host.bootId())) {
            return;
        }
        Occurrence refusal = of(verdict.get());
        boolean told = host.history.read().stream()
                .anyMatch(entry -> entry.event().equals(Event.GATE_REFUSED.label())
                        && entry.detail().equals(refusal.detail()));
        if (!told) {
            host.events.note(refusal);
        }
    }

    /** What is noted of a verdict; two refusals never have the same words, since the time is one of them. */
    static Occurrence of(VerdictFile verdict) {
        String detail = "the shutdown at " + verdict.time() + " did not finalize what was staged (" + verdict.code()
                + "): " + verdict.sentence();
        Occurrence refusal = Occurrence.of(Event.GATE_REFUSED, detail);
        return verdict.deployment()
                .map(staged -> refusal.on(staged.substring(staged.indexOf('/') + 1)))
                .orElse(refusal);
    }

    private Optional<VerdictFile> read() throws LockstepException {
        try {
            return VerdictFile.read(host.layout.gateVerdict());
        } catch (LineFileException e) {
            // 'lockstep status' tells of it.
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.state("read", host.layout.gateVerdict(), e);
        }
    }
}
