package dev.lockstep.systemd.journal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads what loggers say, our own and those of libraries, to the journal of a service. */
public final class Logging {
    /** It tells of every message at the level of what is ordinary. */
    private static final String TALKATIVE = "org.freedesktop.dbus";

    private final LoggerContext context;
    private final ServiceJournal journal;

    private Logging(LoggerContext context, ServiceJournal journal) {
        this.context = context;
        this.journal = journal;
    }

    /** Takes all loggers of this process over. */
    public static Logging to(ServiceJournal journal) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LogAppender appender = new LogAppender(journal);
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        Logging logging = new Logging(context, journal);
        logging.least(journal.least());
        return logging;
    }

    /** Sets how much is written, from now on. */
    public void least(Priority least) {
        journal.least(least);
        boolean all = least == Priority.DEBUG;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(all ? Level.DEBUG : Level.INFO);
        context.getLogger(TALKATIVE).setLevel(all ? Level.DEBUG : Level.WARN);
    }

    /** Where it goes. */
    public ServiceJournal journal() {
        return journal;
    }

    /** How much is written, as systemd calls it. */
    public String level() {
        return journal.least().name().toLowerCase(Locale.ROOT);
    }
}
