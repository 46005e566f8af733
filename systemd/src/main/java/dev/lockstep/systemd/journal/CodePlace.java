package dev.lockstep.systemd.journal;

import dev.lockstep.orchestrator.Progress;
import java.lang.StackWalker.StackFrame;
import java.util.Optional;
import java.util.Set;

/**
 * Where in the program something was told, for those who look for a mistake.
 *
 * @param file below the module's sources
 * @param line counted from 1, 0 when it is unknown
 * @param function class and method
 */
record CodePlace(String file, int line, String function) {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** They hand on what others tell. */
    private static final Set<String> CARRIERS =
            Set.of(CodePlace.class.getName(), Entries.class.getName(), "dev.lockstep.orchestrator.Events");

    /** Who tells the event that this thread is handing on. */
    static Optional<CodePlace> ofEvent() {
        return STACK.walk(frames -> frames.filter(CodePlace::isTelling)
                .findFirst()
                .map(StackFrame::toStackTraceElement)
                .map(CodePlace::of));
    }

    private static boolean isTelling(StackFrame frame) {
        return !Progress.class.isAssignableFrom(frame.getDeclaringClass()) && !CARRIERS.contains(frame.getClassName());
    }

    static CodePlace of(StackTraceElement place) {
        String name = place.getClassName();
        String directory = name.substring(0, name.lastIndexOf('.') + 1).replace('.', '/');
        return new CodePlace(
                directory + place.getFileName(),
                Math.max(0, place.getLineNumber()),
                name + "." + place.getMethodName());
    }

    /** Adds the fields of systemd.journal-fields(7). */
    void addTo(JournalEntry entry) {
        entry.with("CODE_FILE", file).with("CODE_LINE", String.valueOf(line)).with("CODE_FUNC", function);
    }
}
