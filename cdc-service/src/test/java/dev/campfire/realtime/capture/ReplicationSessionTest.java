package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.ManualClock;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.postgresql.copy.CopyDual;

/** A server that says nothing, on a machine whose clock is not to be trusted. */
final class ReplicationSessionTest {

    private static final int ANSWER_WANTED = 33;

    private final ManualClock clock = new ManualClock();
    private final AtomicLong nanos = new AtomicLong(-7_000_000_000L);
    private final List<byte[]> reports = new ArrayList<>();
    private final ReplicationSession session =
            new ReplicationSession(proxy(Connection.class), proxy(CopyDual.class), 1, clock, nanos::get);

    /** A connection that is there, and brings nothing. */
    private <T> T proxy(Class<T> type) {
        Object made =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (same, method, arguments) -> {
                    if (method.getName().equals("writeToCopy")) {
                        reports.add((byte[]) arguments[0]);
                    }
                    return method.getName().equals("isActive") ? true : null;
                });
        return type.cast(made);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void silence_ends_it_also_when_the_clock_was_set_back() throws Exception {
        clock.advance(Duration.ofHours(-2));
        pass(Duration.ofSeconds(29));
        assertThat(session.receive()).isNull();

        pass(Duration.ofSeconds(2));

        assertThatThrownBy(session::receive).isInstanceOf(SQLException.class).hasMessageContaining("silent");
    }

    @Test
    void a_clock_that_is_put_forward_is_no_silence() throws Exception {
        clock.advance(Duration.ofHours(2));

        assertThat(session.receive()).isNull();
    }

    @Test
    void an_answer_is_asked_for_every_few_seconds_also_when_the_clock_was_set_back() throws Exception {
        clock.advance(Duration.ofHours(-2));
        session.report(0, true);
        pass(Duration.ofSeconds(5));
        session.report(0, true);
        pass(Duration.ofSeconds(1));
        session.report(0, true);

        assertThat(reports).extracting(report -> report[ANSWER_WANTED]).containsExactly((byte) 0, (byte) 1, (byte) 0);
    }

    @Test
    void a_busy_stream_is_reported_on_at_once_and_then_every_few_seconds() throws Exception {
        session.report(0, false);
        session.report(0, false);
        pass(Duration.ofSeconds(5));
        session.report(0, false);
        session.report(9, false);

        assertThat(reports)
                .extracting(report -> ByteBuffer.wrap(report).getLong(9))
                .containsExactly(0L, 0L, 9L);
    }
}
