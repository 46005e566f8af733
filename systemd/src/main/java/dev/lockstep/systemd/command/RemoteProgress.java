package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Progress;
import dev.lockstep.systemd.bus.Plain;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells the progress that a transaction's properties show, as if it ran here. */
final class RemoteProgress {
    private final Progress progress;
    private final Map<String, Object> last = new LinkedHashMap<>();
    private int warnings;

    RemoteProgress(Progress progress) {
        this.progress = progress;
    }

    /** Properties have these values now; what is not among them is as it was. */
    void update(Map<String, Object> values) {
        boolean moved = changed(values, "Step", "StepDetail");
        boolean image = changed(values, "Image");
        boolean plan = changed(values, "Plan");
        boolean bytes = changed(values, "Bytes", "ImageBytes");
        boolean warned = changed(values, "Warnings");
        last.putAll(values);
        if (moved) {
            step();
        }
        if (plan) {
            plan();
        }
        if (warned) {
            List<?> texts = list("Warnings");
            texts.subList(Math.min(warnings, texts.size()), texts.size())
                    .forEach(text -> progress.warning(String.valueOf(text)));
            warnings = texts.size();
        }
        if (image && Plain.number(list("Image"), 0) > 0) {
            List<?> members = list("Image");
            progress.image(
                    (int) Plain.number(members, 0),
                    (int) Plain.number(members, 1),
                    Plain.text(members, 2),
                    Plain.text(members, 3));
        }
        if (bytes && Plain.number(list("Bytes"), 1) > 0) {
            transfer();
        }
    }

    private boolean changed(Map<String, Object> values, String... names) {
        return Arrays.stream(names)
                .anyMatch(name -> values.containsKey(name) && !values.get(name).equals(last.get(name)));
    }

    private List<?> list(String name) {
        return Plain.list(last.getOrDefault(name, List.of()));
    }

    private void step() {
        for (Progress.Step step : Progress.Step.values()) {
            if (step.label().equals(last.get("Step"))) {
                progress.step(step, String.valueOf(last.getOrDefault("StepDetail", "")));
            }
        }
    }

    private void plan() {
        List<?> plan = list("Plan");
        if (Plain.number(plan, 0) > 0) {
            progress.plan(new Progress.Plan(
                    (int) Plain.number(plan, 0),
                    (int) Plain.number(plan, 1),
                    (int) Plain.number(plan, 2),
                    Plain.number(plan, 3),
                    Plain.number(plan, 4),
                    Plain.number(plan, 5)));
        }
    }

    private void transfer() {
        List<?> image = list("ImageBytes");
        List<?> bytes = list("Bytes");
        progress.transfer(new Progress.Transfer(
                Plain.text(image, 0),
                Plain.number(image, 1),
                Plain.number(image, 2),
                Plain.number(bytes, 0),
                Plain.number(bytes, 1)));
    }
}
