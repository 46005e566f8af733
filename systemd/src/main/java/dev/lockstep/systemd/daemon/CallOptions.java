package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Target;
import dev.lockstep.podman.OciDirectory;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.Invocation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.freedesktop.dbus.types.Variant;

/** The options {@code a{sv}} of a call. What is not known or has the wrong type is an {@link IllegalArgumentException} that says so. */
final class CallOptions {
    private final Map<String, Variant<?>> values;

    private CallOptions(Map<String, Variant<?>> values) {
        this.values = values;
    }

    /** Those of a call, whose first argument they are. */
    static CallOptions of(Invocation invocation, Set<String> known) {
        Map<String, Variant<?>> values = BusBody.options(invocation.arguments().get(0));
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(invocation.member() + " does not know the option "
                    + String.join(", ", unknown) + "; it knows " + String.join(", ", new TreeSet<>(known)));
        }
        return new CallOptions(values);
    }

    Optional<String> text(String key) {
        return value(key, String.class).filter(text -> !text.isEmpty());
    }

    boolean flag(String key) {
        return value(key, Boolean.class).orElse(false);
    }

    Optional<Boolean> choice(String key) {
        return value(key, Boolean.class);
    }

    Optional<Target> target() {
        return text("target").map(Target::parse);
    }

    /** Of a service nobody knows where it runs, so a path is a whole one. */
    Optional<OciDirectory> directory(String key) {
        Optional<String> text = text(key);
        if (text.filter(given -> !given.startsWith("oci:/")).isPresent()) {
            throw new IllegalArgumentException(
                    "the option " + key + " is oci: and an absolute path, not '" + text.get() + "'");
        }
        return text.map(OciDirectory::parse);
    }

    private <T> Optional<T> value(String key, Class<T> type) {
        Variant<?> value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value.getValue())) {
            throw new IllegalArgumentException(
                    "the option " + key + " is a " + (type == String.class ? "string" : "boolean"));
        }
        return Optional.of(type.cast(value.getValue()));
    }
}
