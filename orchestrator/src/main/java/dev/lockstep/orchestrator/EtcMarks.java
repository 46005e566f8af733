package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.gate.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Fingerprints of what in this host's {@code /etc} has a say in what a staged tree binds; the rest of the tree does not change. */
final class EtcMarks {
    private static final Path ROOT = Path.of("/");

    private EtcMarks() {}

    static List<Fingerprint> of(Set<String> lookedAt) throws LockstepException {
        List<Fingerprint> marks = new ArrayList<>();
        for (String path : lookedAt.stream().sorted().toList()) {
            if (path.equals("/etc") || path.startsWith("/etc/")) {
                try {
                    marks.add(Fingerprint.of(ROOT, path));
                } catch (IOException e) {
                    throw Failures.sysroot("look at", Path.of(path), e);
                }
            }
        }
        return marks;
    }
}
