package dev.lockstep.systemd.journal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.lockstep.podman.disk.Errnos;

/** Makes an entry of each thing that a logger says. */
final class LogAppender extends AppenderBase<ILoggingEvent> {
    private final Journal journal;

    LogAppender(Journal journal) {
        this.journal = journal;
    }

    @Override
    protected void append(ILoggingEvent event) {
        JournalEntry entry = new JournalEntry(priority(event.getLevel()), text(event));
        if (event.getThrowableProxy() instanceof ThrowableProxy failure) {
            Errnos.of(failure.getThrowable()).ifPresent(entry::because);
        }
        StackTraceElement[] callers = event.getCallerData();
        if (callers.length > 0) {
            CodePlace.of(callers[0]).addTo(entry);
        }
        journal.write(entry);
    }

    /** What is wrong is told in words; a mistake of ours with where it happened. */
    private static String text(ILoggingEvent event) {
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure == null) {
            return event.getFormattedMessage();
        }
        boolean mistake = event.getLevel().isGreaterOrEqual(Level.ERROR);
        return event.getFormattedMessage()
                + (mistake ? "\n" + ThrowableProxyUtil.asString(failure) : ": " + failure.getMessage());
    }

    private static Priority priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> Priority.ERR;
            case Level.WARN_INT -> Priority.WARNING;
            case Level.INFO_INT -> Priority.INFO;
            default -> Priority.DEBUG;
        };
    }
}
