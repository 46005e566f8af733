package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Target;
import java.util.Optional;
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
