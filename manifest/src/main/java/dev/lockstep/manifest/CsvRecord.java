package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The value of {@code --mount} as podman splits it: exactly one record of comma-separated values (RFC 4180), as Go reads them. */
final class CsvRecord {
    private final String text;
    private final List<String> fields = new ArrayList<>();
    private int at;

    private CsvRecord(String text) {
        this.text = text.replace("\r\n", "\n");
    }

    /** The fields of the record; empty when the text is not exactly one. */
    static Optional<List<String>> parse(String text) {
        CsvRecord csv = new CsvRecord(text);
        csv.skipEmptyLines();
        if (csv.at == csv.text.length() || !csv.record()) {
            return Optional.empty();
        }
        csv.skipEmptyLines();
        return csv.at == csv.text.length() ? Optional.of(csv.fields) : Optional.empty();
    }

    private void skipEmptyLines() {
        while (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
    }

    private boolean record() {
        do {
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            if (!(quoted ? quoted() : plain())) {
                return false;
            }
            if (at == text.length()) {
                return true;
            }
        } while (text.charAt(at++) == ',');
        return true;
    }

    private boolean plain() {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
            if (text.charAt(at) == '"') {
                return false;
            }
            at++;
        }
        String field = text.substring(start, at);
        // Go takes the carriage return at the end of the text for part of its line end.
        boolean last = at == text.length() && field.endsWith("\r");
        fields.add(last ? field.substring(0, field.length() - 1) : field);
        return true;
    }

    private boolean quoted() {
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                field.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
            } else {
                fields.add(field.toString());
                return at == text.length() || text.charAt(at) == ',' || text.charAt(at) == '\n';
            }
        }
        return false;
    }
}
