package dev.lockstep.systemd.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.orchestrator.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Progress for programs: one JSON object a line ({@code docs/schema/progress-v1.json}), each written at once and whole. A reader that has gone
 * holds nothing: what cannot be written any more is dropped.
 */
final class JsonLinesProgress extends Progress.Silent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream stream;
    private boolean gone;

    JsonLinesProgress(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public void step(Step step, String detail) {
        write(object("step").put("step", step.label()).put("detail", detail));
    }

    @Override
    public void image(int number, int total, String reference, String what) {
        write(object("image")
                .put("number", number)
                .put("total", total)
                .put("image", reference)
                .put("detail", what));
    }

    @Override
    public void warning(String text) {
        write(object("warning").put("message", text));
    }

    @Override
    public void plan(Plan plan) {
        write(object("plan")
                .put("images", plan.images())
                .put("present", plan.present())
                .put("layers", plan.layers())
                .put("bytesToFetch", plan.fetch())
                .put("bytesNeeded", plan.need())
                .put("bytesFree", plan.free()));
    }

    @Override
    public void transfer(Transfer transfer) {
        write(object("transfer")
                .put("image", transfer.reference())
                .put("imageBytes", transfer.imageDone())
                .put("imageBytesTotal", transfer.imageTotal())
                .put("bytes", transfer.done())
                .put("bytesTotal", transfer.total()));
    }

    private static ObjectNode object(String type) {
        return JSON.createObjectNode().put("schema", "dev.lockstep.progress/v1").put("type", type);
    }

    private void write(ObjectNode line) {
        if (gone) {
            return;
        }
        try {
            stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException e) {
            gone = true;
        }
    }
}
