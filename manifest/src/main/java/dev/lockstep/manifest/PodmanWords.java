package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options and operands among words for podman, {@code podman(1)}, {@code podman-pull(1)}, {@code podman-run(1)}. */
final class PodmanWords {
    /** Options of {@code podman image pull} that take no value. */
    private static final Set<String> PULL_SWITCHES =
            Set.of("--all-tags", "-a", "--quiet", "-q", "--tls-verify", "--disable-content-trust", "--help", "-h");
    /** Options of {@code podman run} that take no value; what is unknown is taken for one that does. */
    private static final Set<String> RUN_SWITCHES = Set.of(
            "--detach",
            "--disable-content-trust",
            "--env-host",
            "--help",
            "--http-proxy",
            "--init",
            "--interactive",
            "--no-healthcheck",
            "--no-hostname",
            "--no-hosts",
            "--oom-kill-disable",
            "--passwd",
            "--privileged",
            "--publish-all",
            "--quiet",
            "--read-only",
            "--read-only-tmpfs",
            "--replace",
            "--rm",
            "--rmi",
            "--rootfs",
            "--sig-proxy",
            "--tls-verify",
            "--tty",
            "--unsetenv-all",
            "-d",
            "-h",
            "-i",
            "-it",
            "-P",
            "-q",
            "-t",
            "-ti");

    /** Options of {@code podman build} that take no value; what is unknown is taken for one that does. */
    private static final Set<String> BUILD_SWITCHES = Set.of(
            "--all-platforms",
            "--compress",
            "--disable-compression",
            "--disable-content-trust",
            "--force-rm",
            "--help",
            "--http-proxy",
            "--identity-label",
            "--inherit-annotations",
            "--inherit-labels",
            "--layers",
            "--no-cache",
            "--no-hostname",
            "--no-hosts",
            "--omit-history",
            "--pull",
            "--quiet",
            "--rm",
            "--save-stages",
            "--skip-unused-stages",
            "--squash",
            "--squash-all",
            "--stdin",
            "--tls-verify",
            "-D",
            "-h",
            "-q");

    private static final Set<String> SHORT = Set.of("-q", "-a");
    private static final Map<String, String> SECRETS = Map.of("--creds", "", "--decryption-key", ":");
    private static final String SHOWN = "***";

    private PodmanWords() {}

    /**
     * An option or an operand.
     *
     * @param name {@code --option}, or empty for an operand
     * @param value of the option or the operand itself; empty for an option without one
     */
    record Word(String name, String value) {
        boolean isOperand() {
            return name.isEmpty();
        }
    }

    /** Reads words before the command: every option without {@code =} takes the next word. */
    static List<Word> globals(List<String> words) {
        return read(words, Set.of("--help", "--noout", "--remote", "-r", "--syslog", "--transient-store", "--version"));
    }

    /** Reads words of {@code podman image pull}. */
    static List<Word> pull(List<String> words) {
        return read(words, PULL_SWITCHES);
    }

    /** Reads words of {@code podman run}. */
    static List<Word> run(List<String> words) {
        return read(words, RUN_SWITCHES);
    }

    /** Reads words of {@code podman build}. */
    static List<Word> build(List<String> words) {
        return read(words, BUILD_SWITCHES);
    }

    private static List<Word> read(List<String> words, Set<String> switches) {
        List<Word> read = new ArrayList<>();
        boolean onlyOperands = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            if (onlyOperands || !word.startsWith("-") || word.equals("-")) {
                read.add(new Word("", word));
            } else if (word.equals("--")) {
                onlyOperands = true;
            } else if (word.startsWith("--") && equals > 0) {
                read.add(new Word(word.substring(0, equals), word.substring(equals + 1)));
            } else if (switches.contains(word) || isGlued(word) || i + 1 == words.size()) {
                read.add(new Word(word, ""));
            } else {
                i++;
                read.add(new Word(word, words.get(i)));
            }
        }
        return read;
    }

    /** A short option with its value in the same word, such as {@code -v/a:/b}. */
    private static boolean isGlued(String word) {
        return !word.startsWith("--") && word.length() > 2 && !SHORT.contains(word);
    }

    /** The same words with credentials and passphrases replaced. */
    static List<String> withoutSecrets(List<String> words) {
        List<String> shown = new ArrayList<>();
        String before = "";
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? "" : word.substring(0, equals);
            if (SECRETS.containsKey(name)) {
                shown.add(name + "=" + hidden(name, word.substring(equals + 1)));
            } else {
                shown.add(SECRETS.containsKey(before) ? hidden(before, word) : word);
            }
            before = word;
        }
        return shown;
    }

    private static String hidden(String option, String value) {
        String separator = SECRETS.getOrDefault(option, "");
        int from = separator.isEmpty() ? 0 : value.indexOf(separator) + 1;
        return separator.isEmpty() ? SHOWN : from == 0 ? value : value.substring(0, from) + SHOWN;
    }
}
