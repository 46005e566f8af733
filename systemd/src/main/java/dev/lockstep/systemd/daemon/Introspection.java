package dev.lockstep.systemd.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What introspection shows of our interfaces; the files, each a whole document, are also what is shipped for code generators. */
final class Introspection {
    static final String MANAGER = read("dev.lockstep.Upgrade1.Manager.xml");
    static final String TRANSACTION = read("dev.lockstep.Upgrade1.Transaction.xml");

    static final String LOG_CONTROL = read("org.freedesktop.LogControl1.xml");

    private Introspection() {}

    private static String read(String name) {
        try (InputStream file = Objects.requireNonNull(Introspection.class.getResourceAsStream(name), name)) {
            String document = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return document.substring(document.indexOf("  <interface"), document.indexOf("</node>"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
