package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Reboots;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code --reboot} takes. */
enum RebootOption {
    /** Not at all. */
    NEVER,
    /** At once. */
    IMMEDIATE,
    /** In the configured window. */
    WINDOW,
    /** As the configuration's key {@code reboot} says. */
    CONFIGURED;

    /** The strategy, given what is configured. */
    Reboots with(Reboots configured) {
        return switch (this) {
            case NEVER -> Reboots.NEVER;
            case IMMEDIATE -> new Reboots(Reboots.Strategy.IMMEDIATE, configured.window());
            case WINDOW -> new Reboots(Reboots.Strategy.WINDOW, configured.window());
            case CONFIGURED -> configured;
        };
    }

    /** Lower-case words. */
    static final class Converter implements ITypeConverter<RebootOption> {
        @Override
        public RebootOption convert(String value) {
            for (RebootOption option : values()) {
                if (option.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return option;
                }
            }
            throw new TypeConversionException("'" + value + "' is none of never, immediate, window, configured");
        }
    }
}
