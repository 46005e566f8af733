package dev.lockstep.manifest;

/** An image is named without its registry. */
final class ShortNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String suffix;

    /**
     * @param name the repository's path, as {@code containers-registries.conf(5)} has it in its aliases
     * @param suffix tag and digest with the signs before them, or empty
     */
    ShortNameException(String name, String suffix) {
        super("'" + name + suffix
                + "' does not name its registry; what a short name means depends on the host that resolves it");
        this.name = name;
        this.suffix = suffix;
    }

    String name() {
        return name;
    }

    String suffix() {
        return suffix;
    }
}
