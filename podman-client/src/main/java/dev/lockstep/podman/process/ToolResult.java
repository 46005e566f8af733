package dev.lockstep.podman.process;

import java.nio.charset.StandardCharsets;

/**
 * What a program left behind.
 *
 * @param termination how it ended
 * @param output all of its standard output
 * @param errorTail the last 4 KiB of its standard error
 */
// The bytes are kept as they came: a digest is taken of them.
@SuppressWarnings("ArrayRecordComponent")
public record ToolResult(Termination termination, byte[] output, String errorTail) {

    /** Whether it exited with status 0, which for podman proves little. */
    public boolean succeeded() {
        return termination instanceof Termination.Exited exited && exited.status() == 0;
    }

    /** Standard output as UTF-8. */
    public String text() {
        return new String(output, StandardCharsets.UTF_8);
    }
}
