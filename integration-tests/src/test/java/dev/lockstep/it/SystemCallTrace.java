package dev.lockstep.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A trace by {@code strace -f -y} of one run of Lockstep, told apart into what its own threads did and which programs it started. Fault points
 * are writes to the trace file of the points, so they stand in the same order.
 */
final class SystemCallTrace {
    private static final Pattern LINE = Pattern.compile("(?<thread>\\d+) +(?<call>\\w+)\\((?<rest>.*)");
    private static final Pattern RESUMED =
            Pattern.compile("(?<thread>\\d+) +<\\.\\.\\. (?<call>\\w+) resumed>(?<rest>.*)");
    private static final Pattern CHILD = Pattern.compile(".*= (?<child>\\d+)(?:<.*>)?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Set<String> DURABLE =
            Set.of("rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "fsync", "fdatasync", "syncfs");

    /** A durable call of Lockstep's own. */
    record DurableCall(String thread, String text, String pointBefore, String pointAfter) {
        boolean covered() {
            return pointBefore.endsWith(".before")
                    && pointAfter.equals(pointBefore.substring(0, pointBefore.length() - "before".length()) + "after");
        }
    }

    /**
     * A program that Lockstep started, and the fault points that its threads had reached last: one thread starts the programs of all others,
     * which wait for it.
     */
    record Started(List<String> arguments, List<String> pointsBefore) {}

    private final List<String> lines;
    private final String points;
    private final List<String> roots;
    private final Set<String> own = new HashSet<>();
    private final Set<String> children = new HashSet<>();
    private final Map<String, String> lastPoint = new HashMap<>();
    private final Map<String, String> unfinished = new HashMap<>();
    private final Map<String, List<Integer>> awaiting = new HashMap<>();
    private final List<DurableCall> calls = new ArrayList<>();
    private final List<Started> programs = new ArrayList<>();
    private final List<String> acts = new ArrayList<>();

    /**
     * Reads a trace.
     *
     * @param points path of the trace file of the fault points
     * @param roots durable calls below these are looked at
     */
    SystemCallTrace(List<String> lines, String points, List<String> roots) {
        this.lines = lines;
        this.points = points;
        this.roots = roots;
        read();
    }

    List<DurableCall> calls() {
        return calls;
    }

    List<Started> programs() {
        return programs;
    }

    /** Durable calls and the command lines of programs, in the order in which they were seen. */
    List<String> acts() {
        return acts;
    }

    private void read() {
        for (String line : lines) {
            Matcher resumed = RESUMED.matcher(line);
            Matcher call = LINE.matcher(line);
            if (resumed.matches()) {
                String begun = unfinished.getOrDefault(resumed.group("thread"), "");
                see(resumed.group("thread"), resumed.group("call"), begun + resumed.group("rest"));
            } else if (call.matches()) {
                see(call.group("thread"), call.group("call"), call.group("rest"));
            }
        }
    }

    private void see(String thread, String call, String rest) {
        if (own.isEmpty()) {
            own.add(thread);
        }
        if (rest.endsWith("<unfinished ...>")) {
            unfinished.put(thread, rest.substring(0, rest.length() - "<unfinished ...>".length()));
            return;
        }
        if (call.startsWith("clone") || call.equals("vfork") || call.equals("fork")) {
            seeChild(thread, rest);
        } else if (own.contains(thread)) {
            seeOwn(thread, call, rest);
        } else if (call.equals("execve") && children.contains(thread) && rest.endsWith("= 0")) {
            seeStarted(thread, rest);
        }
    }

    private void seeChild(String thread, String rest) {
        Matcher child = CHILD.matcher(rest);
        if (own.contains(thread) && child.matches()) {
            (rest.contains("CLONE_THREAD") ? own : children).add(child.group("child"));
        }
    }

    private void seeOwn(String thread, String call, String rest) {
        if (call.equals("write") && rest.contains("<" + points + ">")) {
            String point = firstQuoted(rest).replace("\\n", "");
            for (int index : awaiting.getOrDefault(thread, List.of())) {
                DurableCall waiting = calls.get(index);
                calls.set(index, new DurableCall(thread, waiting.text(), waiting.pointBefore(), point));
            }
            awaiting.remove(thread);
            lastPoint.put(thread, point);
        } else if (DURABLE.contains(call) && roots.stream().anyMatch(rest::contains) && !rest.contains("= -1")) {
            awaiting.computeIfAbsent(thread, key -> new ArrayList<>()).add(calls.size());
            calls.add(new DurableCall(thread, call + "(" + rest, lastPoint.getOrDefault(thread, ""), ""));
            acts.add(call + "(" + rest);
        }
    }

    private void seeStarted(String thread, String rest) {
        List<String> words = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(rest);
        while (quoted.find()) {
            words.add(quoted.group(1));
        }
        if (words.get(0).endsWith("/jspawnhelper")) {
            return;
        }
        children.remove(thread);
        List<String> arguments = List.copyOf(words.subList(1, words.size()));
        programs.add(new Started(arguments, List.copyOf(lastPoint.values())));
        acts.add(String.join(" ", arguments));
    }

    private static String firstQuoted(String text) {
        Matcher quoted = QUOTED.matcher(text);
        return quoted.find() ? quoted.group(1) : "";
    }
}
