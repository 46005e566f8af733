package dev.lockstep.systemd.command;

import dev.lockstep.podman.OciDirectory;
import dev.lockstep.systemd.bus.BusBody;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where images are taken from. */
final class FromOption {
    @Option(
            names = "--from",
            paramLabel = "oci:DIR",
            converter = Converter.class,
            description = {
                "Takes images from this OCI directory, as 'lockstep images pull --to' makes it, and asks no registry",
                "for those that it holds."
            })
    @Nullable
    OciDirectory from;

    Optional<OciDirectory> from() {
        return Optional.ofNullable(from);
    }

    /** The same as options of a call. */
    Map<String, Variant<?>> onTheBus() {
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        from().ifPresent(directory -> values.put("from", BusBody.variant(directory.toString())));
        return values;
    }

    /** Reads a directory. */
    static final class Converter implements ITypeConverter<OciDirectory> {
        @Override
        public OciDirectory convert(String text) {
            try {
                return OciDirectory.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
