package dev.lockstep.systemd.daemon;

/** What the daemon says of itself: lines on standard error, which the service manager puts into the journal with the priority of sd-daemon(3). */
final class Log {
    private static final boolean TO_JOURNAL = System.getenv("JOURNAL_STREAM") != null;

    private Log() {}

    /** Something ordinary. */
    static void info(String text) {
        write(6, text);
    }

    /** Something that an administrator should see. */
    static void warn(String text) {
        write(4, text);
    }

    /** A mistake of ours, with where it happened. */
    static void error(String text, Throwable failure) {
        write(3, text + ": " + failure);
        failure.printStackTrace(System.err);
    }

    private static void write(int priority, String text) {
        System.err.println((TO_JOURNAL ? "<" + priority + ">" : "lockstepd: ") + text.replace('\n', ' '));
    }
}
