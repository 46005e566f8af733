package dev.lockstep.systemd.journal;

/** Takes entries. Never fails and never waits long: what cannot be written is lost, and told once. */
public interface Journal extends AutoCloseable {

    /** Nobody reads. */
    Journal NONE = entry -> {};

    /** Writes one entry, if it matters enough. */
    void write(JournalEntry entry);

    @Override
    default void close() {}
}
