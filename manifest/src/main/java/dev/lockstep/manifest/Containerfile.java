package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of a {@code Containerfile(5)}: continuations joined, comments and here-documents taken out. */
final class Containerfile {
    private static final Pattern ESCAPE = Pattern.compile("#\\s*escape\\s*=\\s*(\\S)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*[A-Za-z]+\\s*=.*");
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<(-?)(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\\2");

    private final String[] lines;
    private final char escape;
    private final List<Instruction> instructions = new ArrayList<>();
    private int at;

    private Containerfile(String text) {
        this.lines = text.split("\n", -1);
        this.escape = escape(lines);
    }

    /**
     * One instruction.
     *
     * @param keyword in capitals
     * @param arguments all that follows it, trimmed
     * @param line 1-based, of the first of the lines it spans
     */
    record Instruction(String keyword, String arguments, int line) {}

    static List<Instruction> parse(String text) {
        Containerfile file = new Containerfile(text);
        file.read();
        return file.instructions;
    }

    /** The character that continues a line: that of a directive, which comes before all else. */
    private static char escape(String[] lines) {
        for (String line : lines) {
            String directive = line.strip();
            Matcher escape = ESCAPE.matcher(directive);
            if (escape.matches()) {
                return escape.group(1).charAt(0);
            }
            if (!DIRECTIVE.matcher(directive).matches()) {
                break;
            }
        }
        return '\\';
    }

    private void read() {
        while (at < lines.length) {
            int start = at;
            String text = logicalLine().strip();
            if (!text.isEmpty()) {
                String[] words = text.split("\\s+", 2);
                String keyword = words[0].toUpperCase(Locale.ROOT);
                String arguments = words.length > 1 ? words[1] : "";
                instructions.add(new Instruction(keyword, arguments, start + 1));
                if (keyword.equals("RUN") || keyword.equals("COPY") || keyword.equals("ADD")) {
                    skipHereDocuments(arguments);
                }
            }
        }
    }

    /** One line with those that continue it; comments and empty lines among them are left out. */
    private String logicalLine() {
        StringBuilder text = new StringBuilder();
        boolean continued = true;
        while (continued && at < lines.length) {
            String line = lines[at].stripTrailing();
            at++;
            boolean isComment = line.stripLeading().startsWith("#") || (line.isBlank() && !text.isEmpty());
            if (!isComment) {
                continued = !line.isEmpty() && line.charAt(line.length() - 1) == escape;
                text.append(line, 0, continued ? line.length() - 1 : line.length());
            } else if (text.isEmpty()) {
                break;
            }
        }
        return text.toString();
    }

    private void skipHereDocuments(String arguments) {
        Matcher document = HERE_DOCUMENT.matcher(arguments);
        while (document.find()) {
            boolean indented = !document.group(1).isEmpty();
            String end = document.group(3);
            while (at < lines.length) {
                String line = indented ? lines[at].stripLeading() : lines[at];
                at++;
                if (line.stripTrailing().equals(end)) {
                    break;
                }
            }
        }
    }
}
