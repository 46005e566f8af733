package dev.lockstep.systemd.daemon;

import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusConnection;
import dev.lockstep.systemd.bus.BusConnection.Request;
import dev.lockstep.systemd.bus.Invocation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.freedesktop.dbus.types.Variant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks polkit whether a caller may do something. No thread waits for the answer, which may take as long as a person thinks over a password.
 * Root need not ask; where there is no polkit nobody else is let in.
 *
 * <p>The interface is org.freedesktop.PolicyKit1.Authority(8) of polkit's reference manual.
 */
final class Authority {
    private static final Logger LOG = LoggerFactory.getLogger(Authority.class);

    private static final String POLKIT = "org.freedesktop.PolicyKit1";

    private final BusConnection connection;
    private final AtomicInteger asking = new AtomicInteger();

    Authority(BusConnection connection) {
        this.connection = connection;
    }

    /** What became of a question. */
    enum Decision {
        /** Yes. */
        ALLOWED,
        /** No. */
        REFUSED,
        /** Only if the user authenticates, and the call does not let anyone ask. */
        CHALLENGE
    }

    /** The answer about a caller. */
    record Answer(Caller caller, Decision decision) {}

    /** How many questions are open. */
    int asking() {
        return asking.get();
    }

    /**
     * Asks; every refusal is logged.
     *
     * @param action the polkit action's whole name
     * @param details shown to the user and to polkit's rules
     */
    CompletableFuture<Answer> ask(Invocation invocation, String action, Map<String, String> details) {
        asking.incrementAndGet();
        return caller(invocation.sender())
                .thenCompose(caller -> caller.isRoot()
                        ? CompletableFuture.completedFuture(new Answer(caller, Decision.ALLOWED))
                        : polkit(caller, action, details, invocation.interactive()))
                .whenComplete((answer, failure) -> {
                    asking.decrementAndGet();
                    if (answer != null && answer.decision() != Decision.ALLOWED) {
                        LOG.warn("refused " + action + " to " + answer.caller());
                    }
                });
    }

    /** Who has a unique name. */
    CompletableFuture<Caller> caller(String name) {
        CompletableFuture<Long> user = number("GetConnectionUnixUser", name, -1);
        CompletableFuture<Long> process = number("GetConnectionUnixProcessID", name, 0);
        return user.thenCombine(process, (first, second) -> new Caller(name, first, second));
    }

    private CompletableFuture<Long> number(String member, String name, long otherwise) {
        return connection
                .call(Request.ofBus(member, BusBody.of("s", name)))
                .thenApply(values -> ((Number) values.get(0)).longValue())
                .exceptionally(failure -> otherwise);
    }

    private CompletableFuture<Answer> polkit(
            Caller caller, String action, Map<String, String> details, boolean interactive) {
        Map<String, Variant<?>> subject = Map.of("name", BusBody.variant(caller.name()));
        BusBody question = BusBody.of(
                "(sa{sv})sa{ss}us",
                BusBody.struct("system-bus-name", subject),
                action,
                details,
                BusBody.unsigned32(interactive ? 1 : 0),
                "");
        return connection
                .call(new Request(
                        POLKIT,
                        "/" + POLKIT.replace('.', '/') + "/Authority",
                        POLKIT + ".Authority",
                        "CheckAuthorization",
                        interactive,
                        question))
                .handle((values, failure) -> {
                    if (values == null) {
                        LOG.warn("polkit does not answer, so only root is let in: " + failure);
                        return new Answer(caller, Decision.REFUSED);
                    }
                    return new Answer(caller, decision((Object[]) values.get(0)));
                });
    }

    /** {@code (bba{ss})}: is authorized, is a challenge, details. */
    private static Decision decision(Object[] result) {
        List<Object> members = List.of(result);
        if (members.get(0).equals(true)) {
            return Decision.ALLOWED;
        }
        return members.get(1).equals(true) ? Decision.CHALLENGE : Decision.REFUSED;
    }
}
