package dev.lockstep.systemd.daemon;

/**
 * Who calls, as the bus vouches for it.
 *
 * @param name the unique bus name
 * @param user the user's number, -1 when the bus does not tell
 * @param process its number, 0 when the bus does not tell
 */
record Caller(String name, long user, long process) {
    /** The daemon itself, for what it takes up again at its start. */
    static final Caller ITSELF = new Caller("", 0, ProcessHandle.current().pid());

    boolean isRoot() {
        return user == 0;
    }

    @Override
    public String toString() {
        return "user " + user + ", process " + process + ", " + name;
    }
}
