package dev.lockstep.orchestrator;

/** Is told how far a command has got. Calls come from one thread, in the order of what happens. */
public interface Progress {

    /** A step begins. */
    void step(Step step, String detail);

    /**
     * One image within the current step.
     *
     * @param number 1-based
     * @param total of this step
     */
    void image(int number, int total, String reference, String what);

    /** Something worth telling that holds nothing. */
    void warning(String text);

    /** The steps of a transaction in their order. */
    enum Step {
        /** A crash's left-overs are looked at. */
        RECOVER("recover"),
        /** The target is resolved to a digest or a commit. */
        TARGET("target"),
        /** The new root is brought into the sysroot's repository. */
        STAGE("stage"),
        /** What the new root binds is read. */
        READ("read"),
        /** References become digests. */
        RESOLVE("resolve"),
        /** Images are fetched. */
        PULL("pull"),
        /** Images are kept from collection. */
        PIN("pin"),
        /** Every image is confirmed whole and durable. */
        CONFIRM("confirm"),
        /** The new root's own checks run. */
        CHECK("check"),
        /** The boot loader entry is written. */
        COMMIT("commit");

        private final String label;

        Step(String label) {
            this.label = label;
        }

        /** One lower-case word. */
        public String label() {
            return label;
        }
    }

    /** Tells nobody. */
    Progress SILENT = new Progress() {
        @Override
        public void step(Step step, String detail) {}

        @Override
        public void image(int number, int total, String reference, String what) {}

        @Override
        public void warning(String text) {}
    };
}
