package dev.lockstep.systemd.journal;

import dev.lockstep.podman.process.Secrets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One entry: fields in their order. Credentials in any value are made unreadable before it is kept.
 *
 * <p>Format: systemd's "native journal protocol" (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/), names by systemd.journal-fields(7).
 */
public final class JournalEntry {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private final Priority priority;
    private final Map<String, String> fields = new LinkedHashMap<>();

    /**
     * @param priority how much it matters
     * @param message for people
     */
    public JournalEntry(Priority priority, String message) {
        this.priority = priority;
        with("MESSAGE", message);
        with("PRIORITY", String.valueOf(priority.number()));
        with("SYSLOG_IDENTIFIER", "lockstep");
    }

    /** Adds a field. */
    public JournalEntry with(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a journal field");
        }
        fields.put(name, Secrets.redact(value));
        return this;
    }

    /** Adds a field whose value is known. */
    public JournalEntry with(String name, Optional<String> value) {
        value.ifPresent(text -> with(name, text));
        return this;
    }

    /** Adds the system's error number that is the cause. */
    JournalEntry because(int errno) {
        return with("ERRNO", String.valueOf(errno));
    }

    /** How much it matters. */
    public Priority priority() {
        return priority;
    }

    /** The fields by name. */
    public Map<String, String> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /** As the journal's socket takes it: {@code NAME=value}, or the name, the length and the bytes where the value has several lines. */
    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        fields.forEach((name, value) -> {
            byte[] content = value.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            if (value.indexOf('\n') < 0) {
                bytes.write('=');
            } else {
                bytes.write('\n');
                bytes.writeBytes(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(content.length)
                        .array());
            }
            bytes.writeBytes(content);
            bytes.write('\n');
        });
        return bytes.toByteArray();
    }

    /** In one line, with the priority in front as sd-daemon(3) has it. */
    String line() {
        return "<" + priority.number() + ">" + text();
    }

    /** In one line. */
    String text() {
        return "lockstep: " + String.valueOf(fields.get("MESSAGE")).replace("\n", " | ");
    }
}
