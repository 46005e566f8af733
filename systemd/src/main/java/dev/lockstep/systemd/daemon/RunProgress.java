package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Progress;
import dev.lockstep.systemd.bus.BusBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.types.Variant;

/** How far a run is, as properties. It is written by the run and read by whoever tells it; percentages and bytes never go back. */
final class RunProgress extends Progress.Silent {
    private static final int MOST_WARNINGS = 100;

    private String step = "";
    private String detail = "";
    private String message = "waiting";
    private int percent;
    private long done;
    private long total;
    private boolean pointOfNoReturn;
    private Object image = BusBody.struct(BusBody.unsigned32(0), BusBody.unsigned32(0), "", "");
    private Object imageBytes = BusBody.struct("", BusBody.unsigned(0), BusBody.unsigned(0));
    private Object plan = struct(new Plan(0, 0, 0, 0, 0, 0));
    private final List<String> warnings = new ArrayList<>();

    @Override
    public synchronized void step(Step next, String text) {
        step = next.label();
        detail = text;
        message = next.label() + ": " + text;
        image = BusBody.struct(BusBody.unsigned32(0), BusBody.unsigned32(0), "", "");
        percent = Math.max(percent, Percent.of(next));
        pointOfNoReturn = pointOfNoReturn || next == Step.COMMIT;
    }

    @Override
    public synchronized void image(int number, int count, String reference, String what) {
        message = step + " " + number + "/" + count + " " + reference + ": " + what;
        image = BusBody.struct(BusBody.unsigned32(number), BusBody.unsigned32(count), reference, what);
    }

    @Override
    public synchronized void warning(String text) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(text);
        }
    }

    @Override
    public synchronized void plan(Plan next) {
        plan = struct(next);
        total = Math.max(total, next.fetch());
    }

    private static Object struct(Plan plan) {
        return BusBody.struct(
                BusBody.unsigned32(plan.images()),
                BusBody.unsigned32(plan.present()),
                BusBody.unsigned32(plan.layers()),
                BusBody.unsigned(plan.fetch()),
                BusBody.unsigned(plan.need()),
                BusBody.unsigned(plan.free()));
    }

    @Override
    public synchronized void transfer(Transfer transfer) {
        done = Math.max(done, transfer.done());
        total = Math.max(total, transfer.total());
        percent = Math.max(percent, Percent.fetched(done, total));
        imageBytes = BusBody.struct(
                transfer.reference(), BusBody.unsigned(transfer.imageDone()), BusBody.unsigned(transfer.imageTotal()));
    }

    /** The run has ended. */
    synchronized void end(boolean success, String text) {
        percent = success ? 100 : percent;
        message = text.lines().findFirst().orElse("");
    }

    /** One line for the service manager. */
    synchronized String message() {
        return message;
    }

    synchronized boolean pointOfNoReturn() {
        return pointOfNoReturn;
    }

    /** All of it. */
    synchronized Map<String, Variant<?>> properties() {
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        values.put("Step", BusBody.variant(step));
        values.put("StepDetail", BusBody.variant(detail));
        values.put("Progress", BusBody.variant("(isi)", BusBody.struct(percent, message, 1)));
        values.put("Bytes", BusBody.variant("(tt)", BusBody.struct(BusBody.unsigned(done), BusBody.unsigned(total))));
        values.put("Image", BusBody.variant("(uuss)", image));
        values.put("ImageBytes", BusBody.variant("(stt)", imageBytes));
        values.put("Plan", BusBody.variant("(uuuttt)", plan));
        values.put("Warnings", BusBody.variant("as", List.copyOf(warnings)));
        values.put("PointOfNoReturn", BusBody.variant("b", pointOfNoReturn));
        return values;
    }
}
