package dev.lockstep.systemd.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What introspection shows of our interfaces; the files are also what is shipped for code generators. */
final class Introspection {
    static final String MANAGER = read("dev.lockstep.Upgrade1.Manager.xml");
    static final String TRANSACTION = read("dev.lockstep.Upgrade1.Transaction.xml");

    private Introspection() {}

    private static String read(String name) {
        try (InputStream file = Objects.requireNonNull(Introspection.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
