package dev.lockstep.systemd.bus;

/** A call was answered with an error. */
public final class BusException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String name;

    /**
     * @param name of the error, as {@code org.freedesktop.DBus.Error.ServiceUnknown}
     * @param message what its sender says
     */
    public BusException(String name, String message) {
        super(message);
        this.name = name;
    }

    /** The error's name. */
    public String name() {
        return name;
    }
}
