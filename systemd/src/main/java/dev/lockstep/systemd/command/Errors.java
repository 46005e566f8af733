package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.systemd.json.JsonOutput;
import java.util.LinkedHashMap;
import java.util.Map;

/** How failures look: what failed and why, which state the host is in, what to do next. */
final class Errors {
    private static final String SCHEMA = "dev.lockstep.error/v1";

    private Errors() {}

    static void known(Terminal terminal, boolean json, LockstepException failure) {
        String message = String.valueOf(failure.getMessage());
        if (json) {
            print(
                    terminal,
                    failure.code().name(),
                    message,
                    failure.state(),
                    failure.hint(),
                    failure.code().category().exitStatus());
            return;
        }
        terminal.err().println("lockstep: " + failure.code() + ": " + message);
        if (!failure.state().isEmpty()) {
            terminal.err().println("  state: " + failure.state());
        }
        terminal.err().println("  next:  " + failure.hint());
    }

    static void usage(Terminal terminal, boolean json, String message, String command) {
        String hint = "see '" + command + " --help'";
        if (json) {
            print(terminal, ErrorCode.USAGE.name(), message, "", hint, ErrorCode.Category.USAGE.exitStatus());
            return;
        }
        terminal.err().println("lockstep: " + message);
        terminal.err().println("  next:  " + hint);
    }

    static void internal(Terminal terminal, boolean json, boolean verbose, Exception failure) {
        String message = "internal error: " + failure;
        String hint = "run 'lockstep status'; report this with the output of --verbose";
        if (json) {
            print(terminal, "INTERNAL", message, "", hint, ErrorCode.Category.FAILED.exitStatus());
        } else {
            terminal.err().println("lockstep: " + message);
            terminal.err().println("  next:  " + hint);
        }
        if (verbose) {
            failure.printStackTrace(terminal.err());
        }
    }

    private static void print(
            Terminal terminal, String code, String message, String state, String hint, int exitStatus) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        error.put("state", state);
        error.put("hint", hint);
        error.put("exitStatus", exitStatus);
        terminal.out().println(JsonOutput.text(SCHEMA, error));
        terminal.out().flush();
    }
}
