package dev.lockstep.podman;

import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Notes every call and gives prepared answers, one a call; without one, success and no output. */
final class TestingTools implements Tools {
    private final List<ToolCall> calls = new ArrayList<>();
    private final Deque<ToolResult> answers = new ArrayDeque<>();

    TestingTools answer(String output) {
        answers.add(new ToolResult(new Termination.Exited(0), output.getBytes(StandardCharsets.UTF_8), ""));
        return this;
    }

    TestingTools fail(int status, String errors) {
        answers.add(new ToolResult(new Termination.Exited(status), new byte[0], errors));
        return this;
    }

    @Override
    public ToolResult run(ToolCall call) {
        calls.add(call);
        ToolResult next = answers.poll();
        return next == null ? new ToolResult(new Termination.Exited(0), new byte[0], "") : next;
    }

    List<List<String>> commands() {
        return calls.stream().map(ToolCall::arguments).toList();
    }

    List<ToolCall> calls() {
        return calls;
    }
}
