package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Every oddity is counted; how often one is logged. */
final class OddityLogTest {

    private static final Oddity ODDITY = Oddity.values()[0];

    private final Logger logger = (Logger) LoggerFactory.getLogger(OddityLog.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T00:00:00Z"));
    private final OddityLog oddities = new OddityLog(now::get);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
    }

    private void noteAfter(Duration time) {
        now.updateAndGet(before -> before.plus(time));
        oddities.note(ODDITY);
    }

    @Test
    void one_kind_is_logged_once_a_minute() {
        noteAfter(Duration.ZERO);
        noteAfter(Duration.ofSeconds(59));
        assertThat(logged.list).hasSize(1);

        noteAfter(Duration.ofSeconds(1));
        assertThat(logged.list).hasSize(2);
        assertThat(oddities.count(ODDITY)).isEqualTo(3);
    }

    @Test
    void a_clock_that_is_set_back_does_not_silence_it() {
        noteAfter(Duration.ZERO);
        noteAfter(Duration.ofHours(-5));

        assertThat(logged.list).hasSize(2);
    }
}
