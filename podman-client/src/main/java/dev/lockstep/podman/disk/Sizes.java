package dev.lockstep.podman.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Amounts of bytes in words. */
public final class Sizes {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int STEP = 1024;

    private Sizes() {}

    /** A number of bytes, such as {@code 4.2 MiB}. */
    public static String text(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** How much is free on the file system of a path, or of the nearest directory above it that exists. */
    public static String free(Path path) {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return text(Files.getFileStore(existing).getUsableSpace());
        } catch (IOException e) {
            return "an unknown amount";
        }
    }
}
