package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoggingTest {

    private final LoggerContext context = new LoggerContext();

    @ParameterizedTest
    @CsvSource({",,INFO", "debug,,DEBUG", "'',error,ERROR", "warn,debug,WARN", "loud,,INFO"})
    void says_as_much_as_it_is_asked_to(String own, String theirs, String level) {
        Logging.configure(
                context,
                Map.of("CAMPFIRE_LOG_LEVEL", own == null ? "" : own, "LOG_LEVEL", theirs == null ? "" : theirs));

        assertThat(context.getLogger("dev.campfire.realtime.app.Any").getEffectiveLevel())
                .isEqualTo(Level.toLevel(level));
    }

    @Test
    void lets_libraries_warn_at_most() {
        Logging.configure(context, Map.of("CAMPFIRE_LOG_LEVEL", "debug"));

        assertThat(context.getLogger("com.zaxxer.hikari").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.debezium.connector").getEffectiveLevel())
                .isEqualTo(Level.OFF);
        assertThat(context.getLogger("org.apache.kafka").getEffectiveLevel()).isEqualTo(Level.OFF);
        assertThat(context.getLogger("org.postgresql").getEffectiveLevel()).isEqualTo(Level.OFF);
    }

    @Test
    void is_found_by_logback_and_gives_way_to_a_file_that_somebody_names() {
        Configurator found = ServiceLoader.load(Configurator.class).stream()
                .filter(provider -> provider.type() == Logging.class)
                .findFirst()
                .orElseThrow()
                .get();

        String named = System.getProperty(Logging.FILE);
        System.setProperty(Logging.FILE, "logback-test.xml");
        try {
            assertThat(found.configure(context)).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
        } finally {
            if (named == null) {
                System.clearProperty(Logging.FILE);
            } else {
                System.setProperty(Logging.FILE, named);
            }
        }
        assertThat(context.getLogger("dev.campfire").getLevel()).isNull();
    }
}
