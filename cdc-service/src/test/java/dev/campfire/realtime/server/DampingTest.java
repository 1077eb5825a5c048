package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whoever is refused again and again waits longer and longer, and nobody else does. */
final class DampingTest {

    private final AtomicLong now = new AtomicLong();
    private final Damping damping = new Damping(Duration.ofSeconds(2), now::get);
    private final InetAddress address = InetAddress.getLoopbackAddress();

    @Test
    void some_refusals_cost_nothing_and_the_next_ones_more_and_more() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(damping.refused(address)).isZero();
        }

        assertThat(damping.refused(address)).hasMillis(100);
        assertThat(damping.refused(address)).hasMillis(200);
        assertThat(damping.refused(address)).hasMillis(400);
        for (int i = 0; i < 100; i++) {
            damping.refused(address);
        }
        assertThat(damping.refused(address)).hasMillis(2_000);
        assertThat(damping.refused(InetAddress.getByName("192.0.2.1"))).isZero();
    }

    @Test
    void a_minute_without_a_refusal_is_forgiveness() {
        for (int i = 0; i < 60; i++) {
            damping.refused(address);
        }
        now.addAndGet(Duration.ofSeconds(61).toNanos());

        assertThat(damping.refused(address)).isZero();
    }
}
