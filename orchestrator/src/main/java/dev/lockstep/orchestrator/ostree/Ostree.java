package dev.lockstep.orchestrator.ostree;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code ostree} command on one sysroot; one method a command. */
final class Ostree {
    private static final Duration QUICK = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final Pattern VERSION = Pattern.compile("(?m)^\\s*Version:\\s*'?(?<year>\\d+)\\.(?<number>\\d+)");

    /** As GLib shows sizes: in powers of 1000, a space that does not break before the unit. */
    private static final Pattern NEEDED_SIZE =
            Pattern.compile("Compressed size \\(needed/total\\): (?<number>[0-9.]+)[\\s\u00a0](?<unit>[bkMGT])");

    private static final String UNITS = "bkMGT";

    private final Tools tools;
    private final Path sysroot;

    Ostree(Tools tools, Path sysroot) {
        this.tools = tools;
        this.sysroot = sysroot;
    }

    private String repo() {
        return "--repo=" + sysroot.resolve("ostree/repo");
    }

    /** A release of ostree, such as 2025.2. */
    record Release(int year, int number) {
        boolean isBefore(Release other) {
            return year < other.year || (year == other.year && number < other.number);
        }

        @Override
        public String toString() {
            return year + "." + number;
        }
    }

    /** Fails when ostree is missing or older than a release. */
    void checkVersion(Release oldest) throws LockstepException {
        ToolResult result = run(ToolCall.reading(QUICK, List.of("ostree", "--version")));
        Matcher version = VERSION.matcher(result.text());
        if (!result.succeeded() || !version.find()) {
            throw failed("tell its version", result);
        }
        Release release =
                new Release(Integer.parseInt(version.group("year")), Integer.parseInt(version.group("number")));
        if (release.isBefore(oldest)) {
            throw new LockstepException(
                    ErrorCode.ENGINE_TOO_OLD,
                    "ostree is version " + release + "; " + oldest + " is the oldest that works here",
                    "install a newer ostree");
        }
    }

    /** The commit that a ref means, if the repository has it. */
    Optional<String> revision(String ref) throws LockstepException {
        ToolResult result = run(ToolCall.reading(QUICK, List.of("ostree", repo(), "rev-parse", ref)));
        String text = result.text().strip();
        if (result.succeeded() && text.matches("[0-9a-f]{64}")) {
            return Optional.of(text);
        }
        if (result.errorTail().contains("not found")) {
            return Optional.empty();
        }
        throw failed("look up the ref " + ref, result);
    }

    /** Whether the repository has a commit's tree; {@code rev-parse} says nothing of a commit that is given in full. */
    boolean hasTree(String checksum) throws LockstepException {
        return run(ToolCall.reading(QUICK, List.of("ostree", repo(), "ls", "-d", checksum, "/usr")))
                .succeeded();
    }

    /**
     * Compressed bytes of a commit that the repository lacks, in the precision in which ostree shows them; empty when the commit was made
     * without {@code --generate-sizes}.
     */
    OptionalLong sizeToFetch(String checksum) throws LockstepException {
        ToolResult result = run(ToolCall.reading(QUICK, List.of("ostree", repo(), "show", "--print-sizes", checksum)));
        Matcher size = NEEDED_SIZE.matcher(result.text());
        if (!result.succeeded() || !size.find()) {
            return OptionalLong.empty();
        }
        double scale = Math.pow(1000, UNITS.indexOf(size.group("unit").charAt(0)));
        return OptionalLong.of((long) (Double.parseDouble(size.group("number")) * scale));
    }

    /** Fetches what a ref of a configured remote means, without its tree. */
    void pullMetadata(String remote, String ref) throws LockstepException {
        change(
                "ostree-pull",
                LONG,
                "look up " + remote + ":" + ref,
                List.of("ostree", repo(), "pull", "--commit-metadata-only", remote, ref));
    }

    /** Fetches a commit from a configured remote. */
    void pull(String remote, String checksum) throws LockstepException {
        change(
                "ostree-pull",
                LONG,
                "fetch " + checksum + " from " + remote,
                List.of("ostree", repo(), "pull", remote, checksum));
    }

    /** Commits trees, later ones over earlier ones, under a ref and returns the commit. */
    String commit(String ref, List<Path> trees, Path skipList, String subject) throws LockstepException {
        List<String> arguments = new ArrayList<>(List.of("ostree", repo(), "commit", "--branch=" + ref));
        arguments.add("--subject=" + subject);
        arguments.add("--no-bindings");
        arguments.add("--skip-list=" + skipList);
        for (Path tree : trees) {
            arguments.add("--tree=dir=" + tree);
        }
        ToolResult result = change("ostree-commit", LONG, "commit " + subject, arguments);
        String checksum = result.text().strip();
        if (!checksum.matches("[0-9a-f]{64}")) {
            throw failed("commit " + subject, result);
        }
        return checksum;
    }

    /** Checks a commit out as hard links. The directory must not exist. */
    void checkout(String checksum, Path directory) throws LockstepException {
        change(
                "ostree-checkout",
                LONG,
                "check out " + checksum,
                List.of("ostree", repo(), "checkout", "--require-hardlinks", checksum, directory.toString()));
    }

    /** Removes a ref; the objects stay until the next collection. */
    void deleteRef(String ref) throws LockstepException {
        change("ostree-ref", QUICK, "remove the ref " + ref, List.of("ostree", repo(), "refs", "--delete", ref));
    }

    /** All refs below a prefix. */
    List<String> refs(String prefix) throws LockstepException {
        ToolResult result = run(ToolCall.reading(QUICK, List.of("ostree", repo(), "refs", "--list", prefix)));
        if (!result.succeeded()) {
            throw failed("list its refs", result);
        }
        return result.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Makes a commit the default boot loader entry. Not ended when this process is asked to stop: it is short and all or nothing. */
    void deploy(String stateroot, String checksum, Path originFile) throws LockstepException {
        List<String> arguments = List.of(
                "ostree",
                "admin",
                "deploy",
                "--sysroot=" + sysroot,
                "--os=" + stateroot,
                "--origin-file=" + originFile,
                checksum);
        ToolResult result =
                run(ToolCall.changing("ostree-deploy", LONG, arguments).finishing());
        if (!result.succeeded()) {
            throw failed("deploy " + checksum, result);
        }
    }

    /**
     * Stages a deployment that is locked from its beginning; what was staged before is replaced.
     *
     * @param originFile becomes its origin
     */
    void stage(String stateroot, String checksum, Path originFile) throws LockstepException {
        change(
                "ostree-stage",
                LONG,
                "stage " + checksum,
                List.of(
                        "ostree",
                        "admin",
                        "deploy",
                        "--sysroot=" + sysroot,
                        "--stage",
                        "--lock-finalization",
                        "--os=" + stateroot,
                        "--origin-file=" + originFile,
                        checksum));
    }

    /** Locks the staged deployment: a shutdown leaves it alone. */
    void lockStaged() throws LockstepException {
        change(
                "ostree-lock",
                QUICK,
                "lock the staged deployment",
                List.of("ostree", "admin", "lock-finalization", "--sysroot=" + sysroot));
    }

    /** Unlocks the staged deployment. */
    void unlockStaged() throws LockstepException {
        change(
                "ostree-unlock",
                QUICK,
                "unlock the staged deployment",
                List.of("ostree", "admin", "lock-finalization", "--sysroot=" + sysroot, "--unlock"));
    }

    /** Removes a deployment by its number in {@code ostree admin status}, where a staged one is number 0. */
    void undeploy(int index) throws LockstepException {
        change(
                "ostree-undeploy",
                QUICK,
                "remove deployment number " + index,
                List.of("ostree", "admin", "undeploy", "--sysroot=" + sysroot, String.valueOf(index)));
    }

    /** Makes a deployment the default entry by its number in {@code ostree admin status}. */
    void setDefault(int index) throws LockstepException {
        change(
                "ostree-set-default",
                QUICK,
                "make deployment number " + index + " the default",
                List.of("ostree", "admin", "set-default", "--sysroot=" + sysroot, String.valueOf(index)));
    }

    private ToolResult change(String subject, Duration limit, String what, List<String> arguments)
            throws LockstepException {
        ToolResult result = run(ToolCall.changing(subject, limit, arguments));
        if (!result.succeeded()) {
            throw failed(what, result);
        }
        return result;
    }

    private ToolResult run(ToolCall call) throws LockstepException {
        try {
            return tools.run(call);
        } catch (ToolMissingException e) {
            throw new LockstepException(ErrorCode.ENGINE_MISSING, String.valueOf(e.getMessage()), "install ostree", e);
        }
    }

    /** Says what a failed run of ostree means. */
    private LockstepException failed(String what, ToolResult result) {
        String errors = result.errorTail().strip();
        String reason = errors.isEmpty()
                ? "ostree " + result.termination().describe()
                : errors.lines().reduce("", (first, line) -> line).replaceFirst("^error: ", "");
        String message = "ostree cannot " + what + " in " + sysroot + ": " + reason;
        return switch (result.termination()) {
            case Termination.Cancelled ignored ->
                new LockstepException(
                        ErrorCode.CANCELLED, "stopped while ostree was to " + what, "run 'lockstep retry' to go on");
            case Termination.TimedOut ignored ->
                new LockstepException(ErrorCode.TIMED_OUT, message, "run 'lockstep retry' to go on");
            case Termination.Silent ignored ->
                new LockstepException(ErrorCode.TIMED_OUT, message, "run 'lockstep retry' to go on");
            case Termination.Exited ignored -> classified(message, errors);
            case Termination.Signalled ignored ->
                new LockstepException(ErrorCode.ENGINE_FAILED, message, "run 'lockstep retry' to go on");
        };
    }

    private LockstepException classified(String message, String errors) {
        if (errors.contains("No space left on device") || errors.contains("min-free-space")) {
            return new LockstepException(
                    ErrorCode.SYSROOT_FULL,
                    message + " (" + Sizes.free(sysroot) + " free on the file system of " + sysroot + ")",
                    "make room there, for example with 'ostree admin cleanup', then run 'lockstep retry'");
        }
        return new LockstepException(
                ErrorCode.ENGINE_FAILED, message, "see to what ostree says; the sysroot is as it was");
    }
}
