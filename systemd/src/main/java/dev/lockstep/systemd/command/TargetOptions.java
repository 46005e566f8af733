package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Target;
import dev.lockstep.systemd.bus.BusBody;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that name an operating system. */
final class TargetOptions {
    @Option(
            names = "--target",
            paramLabel = "TARGET",
            converter = Converter.class,
            description = {
                "An image (REGISTRY/NAME:TAG or @DIGEST) or ostree:REF of the sysroot's repository",
                "(default: 'target' of the configuration)."
            })
    @Nullable
    Target target;

    @Option(
            names = "--tls-verify",
            paramLabel = "BOOL",
            arity = "1",
            description = "Whether the registry of the target must have a valid certificate.")
    @Nullable
    Boolean tlsVerify;

    Optional<Target> target() {
        return Optional.ofNullable(target);
    }

    Optional<Boolean> tlsVerify() {
        return Optional.ofNullable(tlsVerify);
    }

    /** The same as options of a call. */
    Map<String, Variant<?>> onTheBus() {
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        target().ifPresent(named -> values.put("target", BusBody.variant(named.toString())));
        tlsVerify().ifPresent(verify -> values.put("tls-verify", BusBody.variant("b", verify)));
        return values;
    }

    /** Reads a target. */
    static final class Converter implements ITypeConverter<Target> {
        @Override
        public Target convert(String text) {
            try {
                return Target.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
