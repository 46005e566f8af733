package dev.lockstep.systemd.daemon;

import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusErrors;
import dev.lockstep.systemd.bus.BusObject;
import dev.lockstep.systemd.bus.Invocation;
import dev.lockstep.systemd.journal.Logging;
import dev.lockstep.systemd.journal.Priority;
import dev.lockstep.systemd.journal.ServiceJournal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;

/** What {@code systemctl service-log-level} and {@code service-log-target} speak to: org.freedesktop.LogControl1(5). Root alone may set it. */
final class LogControl implements BusObject {
    private static final String NAME = "org.freedesktop.LogControl1";

    private final Logging logging;
    private final Authority authority;

    LogControl(Logging logging, Authority authority) {
        this.logging = logging;
        this.authority = authority;
    }

    @Override
    public String path() {
        return "/" + NAME.replace('.', '/');
    }

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public String introspection() {
        return Introspection.LOG_CONTROL;
    }

    @Override
    public Map<String, Variant<?>> properties() {
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        values.put("LogLevel", BusBody.variant(logging.level()));
        values.put("LogTarget", BusBody.variant(logging.journal().place().label()));
        values.put("SyslogIdentifier", BusBody.variant("lockstep"));
        return values;
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of();
    }

    @Override
    public Map<String, Setter> setters() {
        return Map.of("LogLevel", this::level, "LogTarget", this::target);
    }

    private void level(Invocation call, Object value) {
        Optional<Priority> wanted = Priority.named(String.valueOf(value));
        ifRoot(call, () -> {
            if (wanted.isPresent()) {
                logging.least(wanted.get());
            }
            return wanted.isPresent() ? "" : "LogLevel is one of err, warning, notice, info, debug";
        });
    }

    private void target(Invocation call, Object value) {
        ServiceJournal journal = logging.journal();
        Optional<ServiceJournal.Place> wanted = value.equals("auto")
                ? Optional.of(journal.usual())
                : Arrays.stream(ServiceJournal.Place.values())
                        .filter(place -> place.label().equals(value))
                        .findFirst();
        ifRoot(call, () -> {
            if (wanted.isEmpty()) {
                return "LogTarget is one of auto, journal, console, null";
            }
            return journal.place(wanted.get()) ? "" : "there is no journal here";
        });
    }

    /** Sets something, or says why not. */
    private interface Setting {
        String set();
    }

    private void ifRoot(Invocation call, Setting setting) {
        authority
                .caller(call.sender())
                .thenAccept(caller -> {
                    if (!caller.isRoot()) {
                        call.fail("org.freedesktop.DBus.Error.AccessDenied", "root alone may set this");
                        return;
                    }
                    String wrong = setting.set();
                    if (wrong.isEmpty()) {
                        call.reply(BusBody.EMPTY);
                    } else {
                        call.fail(BusErrors.INVALID_ARGUMENTS, wrong);
                    }
                })
                .exceptionally(failed -> {
                    call.fail("org.freedesktop.DBus.Error.Failed", "internal error: " + failed);
                    return null;
                });
    }
}
