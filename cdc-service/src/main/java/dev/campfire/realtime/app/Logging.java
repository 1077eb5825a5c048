package dev.campfire.realtime.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is logged, and how: a line to standard output, at the level that {@code CAMPFIRE_LOG_LEVEL} says. Logback finds this class by
 * its service file. It stands in for a file of XML, which each start would have to read; who has one, names it in the system
 * property {@code logback.configurationFile}, and that is what counts.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    static final String FILE = "logback.configurationFile";

    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex{short}";

    /** Ours, and that of Supabase's container. */
    private static final List<String> LEVELS = List.of("CAMPFIRE_LOG_LEVEL", "LOG_LEVEL");

    /**
     * Debezium tells the whole story of each engine at INFO, and its failures in stack traces: the supervisor says both in one
     * line.
     */
    private static final Map<String, Level> OTHERS = Map.of(
            "io.debezium", Level.OFF,
            "org.apache.kafka", Level.OFF,
            "org.postgresql", Level.OFF,
            "io.netty", Level.WARN);

    /** Made by Logback. */
    public Logging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        configure(context, System.getenv());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void configure(LoggerContext context, Map<String, String> environment) {
        // Logback's own remarks are nobody's business.
        context.getStatusManager().add(new NopStatusListener());
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        OTHERS.forEach((name, level) -> context.getLogger(name).setLevel(level));
        context.getLogger("dev.campfire").setLevel(level(environment));
    }

    private static Level level(Map<String, String> environment) {
        return LEVELS.stream()
                .flatMap(name -> Stream.ofNullable(environment.get(name)))
                .filter(text -> !text.isBlank())
                .findFirst()
                .map(text -> Level.toLevel(text.strip(), Level.INFO))
                .orElse(Level.INFO);
    }
}
