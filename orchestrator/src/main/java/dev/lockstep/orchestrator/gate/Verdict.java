package dev.lockstep.orchestrator.gate;

import java.util.Optional;

/** What the gate says about the staged deployment. */
public sealed interface Verdict {

    /** Nothing is staged: nothing is finalized. */
    record NothingStaged() implements Verdict {
        @Override
        public Optional<DeploymentName> deployment() {
            return Optional.empty();
        }

        @Override
        public String code() {
            return "NOTHING_STAGED";
        }

        @Override
        public String sentence() {
            return "nothing is staged; nothing is finalized";
        }
    }

    /**
     * Someone's lock holds what is staged, which ostree itself would not finalize: nothing is.
     *
     * @param staged what is staged
     */
    record Locked(StagedDeployment staged) implements Verdict {
        @Override
        public Optional<DeploymentName> deployment() {
            return Optional.of(staged.deployment());
        }

        @Override
        public String code() {
            return "LOCKED";
        }

        @Override
        public String sentence() {
            return "the staged deployment " + staged.deployment() + " is locked; nothing is finalized";
        }
    }

    /**
     * The deployment may become bootable.
     *
     * @param pass what lets it through
     * @param staged what is staged
     */
    record LetThrough(GatePass pass, StagedDeployment staged) implements Verdict {
        @Override
        public Optional<DeploymentName> deployment() {
            return Optional.of(staged.deployment());
        }

        @Override
        public String code() {
            return "LET_THROUGH";
        }

        @Override
        public String sentence() {
            String by = pass.forced()
                    .map(forced -> ", forced by " + forced.who() + " (" + forced.why() + ")")
                    .orElse("");
            return "the staged deployment " + staged.deployment() + " is finalized, as transaction "
                    + pass.transaction() + " confirmed" + by;
        }
    }

    /**
     * The deployment must not become bootable.
     *
     * @param reason why, for programs
     * @param deployment which one is staged, as far as that could be read
     * @param sentence why, for people: names the file or the deployment
     */
    record Refused(Reason reason, Optional<DeploymentName> deployment, String sentence) implements Verdict {
        @Override
        public String code() {
            return reason.name();
        }
    }

    /** Why a deployment is refused. */
    enum Reason {
        /** No pass was written: the transaction is not that far, or it was not made by Lockstep. */
        NO_PASS,
        /** The pass cannot be read, or is not whole. */
        PASS_UNREADABLE,
        /** The pass was written before the host was booted. */
        PASS_OF_ANOTHER_BOOT,
        /** The pass names another checksum, serial or state root. */
        PASS_FOR_ANOTHER_DEPLOYMENT,
        /** The deployment's directory is not the one that was confirmed, though it has its name; or it is gone. */
        DEPLOYMENT_REPLACED,
        /** A file below {@code /etc} that decided what is bound is not what it was. */
        ETC_CHANGED,
        /** A bound image is not in its store any more. */
        IMAGE_GONE,
        /** What is staged cannot be told. */
        STAGED_UNREADABLE,
        /** Someone holds ostree's lock for too long. */
        LOCK_TIMEOUT,
        /** It was let through, but finalizing it failed. */
        FINALIZE_FAILED,
        /** The gate itself failed. */
        INTERNAL
    }

    /** What is staged; empty when nothing is, or it could not be read. */
    Optional<DeploymentName> deployment();

    /** The name of what was decided, for programs. */
    String code();

    /** What was decided and why, in one sentence without a full stop. */
    String sentence();
}
