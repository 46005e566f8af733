package dev.lockstep.orchestrator;

/** Is told how far a command has got. Never by two threads at once, and in the order of what happens. */
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

    /** What follows is done for this transaction, until another is named. */
    void transaction(String id);

    /** Something happened to the host. It is noted durably before, where it is noted at all. */
    void event(Occurrence occurrence);

    /** What fetching will move, before it moves anything. */
    void plan(Plan plan);

    /** Bytes of an image have come; at most a few times a second, and never fewer than before. */
    void transfer(Transfer transfer);

    /**
     * What is to be fetched. Each layer is counted once, however many images share it.
     *
     * @param images that are wanted
     * @param present of these, whole in the store
     * @param layers to fetch
     * @param fetch bytes to fetch, compressed
     * @param need bytes that this takes on the store's file system while it is done, estimated
     * @param free bytes that are free there
     */
    record Plan(int images, int present, int layers, long fetch, long need, long free) {}

    /**
     * How far fetching is.
     *
     * @param reference the image that moved
     * @param imageDone bytes of its own layers, compressed
     * @param imageTotal bytes that it has to fetch
     * @param done bytes of all images
     * @param total bytes that are to be fetched at all
     */
    record Transfer(String reference, long imageDone, long imageTotal, long done, long total) {}

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

    /** Ignores whatever is told; for those to extend who watch only some of it. Who hands progress on implements all of it. */
    class Silent implements Progress {
        @Override
        public void step(Step step, String detail) {}

        @Override
        public void image(int number, int total, String reference, String what) {}

        @Override
        public void warning(String text) {}

        @Override
        public void transaction(String id) {}

        @Override
        public void event(Occurrence occurrence) {}

        @Override
        public void plan(Plan plan) {}

        @Override
        public void transfer(Transfer transfer) {}
    }

    /** Tells nobody. */
    Progress SILENT = new Silent();
}
