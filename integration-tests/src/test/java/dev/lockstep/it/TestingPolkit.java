package dev.lockstep.it;

import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.freedesktop.dbus.messages.MethodCall;

/** Stands for polkit on a test's bus: {@code CheckAuthorization} answers as it is set, or leaves the prompt open. */
final class TestingPolkit extends TestBus.Deaf implements AutoCloseable {
    private final BusConnection connection;
    private final List<MethodCall> open = new CopyOnWriteArrayList<>();
    private final List<List<?>> asked = new CopyOnWriteArrayList<>();
    private volatile Answer answer = Answer.NO;

    /** What it says. */
    enum Answer {
        YES,
        NO,
        CHALLENGE,
        LATER
    }

    TestingPolkit(TestBus bus) throws Exception {
        connection = BusConnection.open(bus.address(), this);
        connection.wait(BusConnection.Request.ofBus(
                "RequestName", BusBody.of("su", "org.freedesktop.PolicyKit1", BusBody.unsigned32(4))));
    }

    void answer(Answer next) {
        answer = next;
    }

    /** What was asked: subject, action, details, flags, cancellation. */
    List<List<?>> asked() {
        return new ArrayList<>(asked);
    }

    /** How many prompts are open. */
    int open() {
        return open.size();
    }

    /** Somebody types the password, or gives up. */
    void answerOpen(boolean yes) {
        open.forEach(call -> reply(call, yes, false));
        open.clear();
    }

    @Override
    public void called(BusConnection bus, MethodCall call) {
        asked.add(Plain.list(Plain.of(BusConnection.values(call))));
        switch (answer) {
            case YES -> reply(call, true, false);
            case NO -> reply(call, false, false);
            case CHALLENGE -> reply(call, false, true);
            case LATER -> open.add(call);
        }
    }

    private void reply(MethodCall call, boolean authorized, boolean challenge) {
        connection.reply(call, BusBody.of("(bba{ss})", BusBody.struct(authorized, challenge, Map.of())));
    }

    @Override
    public void close() {
        connection.close();
    }
}
