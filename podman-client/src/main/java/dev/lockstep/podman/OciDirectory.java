package dev.lockstep.podman;

import java.nio.file.Path;

/**
 * A directory in the form of the OCI image layout ({@code image-layout.md} of the image specification 1.0), spelled {@code oci:DIR} as in
 * {@code containers-transports(5)}.
 *
 * @param path absolute
 */
public record OciDirectory(Path path) {
    private static final String TRANSPORT = "oci:";

    public OciDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /**
     * Reads {@code oci:DIR}; a relative one is taken from where this process runs.
     *
     * @throws IllegalArgumentException when it is something else; the message says what
     */
    public static OciDirectory parse(String text) {
        if (text.startsWith("oci-archive:")) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is an archive, which is not read or written; unpack it or pack it with tar, and name the directory");
        }
        if (!text.startsWith(TRANSPORT) || text.equals(TRANSPORT)) {
            throw new IllegalArgumentException("'" + text + "' is not oci:DIR");
        }
        return new OciDirectory(Path.of(text.substring(TRANSPORT.length())));
    }

    @Override
    public String toString() {
        return TRANSPORT + path;
    }
}
