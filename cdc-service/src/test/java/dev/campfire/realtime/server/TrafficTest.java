package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What may come from a socket and from an address. */
final class TrafficTest {

    private final AtomicLong now = new AtomicLong();

    private Traffic traffic(int joins, int frames, int bytes) {
        return new Traffic(new SocketLimits.Rates(joins, frames, bytes), now::get);
    }

    @Test
    void so_many_messages_may_come_within_a_second_and_as_many_in_the_next() {
        Traffic traffic = traffic(1, 3, 1000);
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 3; i++) {
                assertThat(traffic.frame(1)).isTrue();
            }
            assertThat(traffic.frame(1)).isFalse();
            now.addAndGet(1_000_000_000);
        }
    }

    @Test
    void bytes_count_but_one_message_alone_is_never_too_much() {
        Traffic traffic = traffic(1, 100, 10);

        assertThat(traffic.frame(5000)).isTrue();
        assertThat(traffic.frame(1)).isFalse();
        now.addAndGet(1_000_000_000);
        assertThat(traffic.frame(10)).isTrue();
        assertThat(traffic.frame(1)).isFalse();
    }

    @Test
    void joins_are_counted_apart() {
        Traffic traffic = traffic(2, 1, 1);

        assertThat(traffic.join()).isTrue();
        assertThat(traffic.join()).isTrue();
        assertThat(traffic.join()).isFalse();
        now.addAndGet(1_000_000_000);
        assertThat(traffic.join()).isTrue();
    }

    @Test
    void an_address_has_so_many_connections_and_is_forgotten_with_the_last_of_them() throws Exception {
        SocketLimits.Rates none = new SocketLimits.Rates(9, 9, 9);
        Addresses addresses = new Addresses(new SocketLimits(none, none, 2), now::get);
        InetAddress one = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        InetAddress two = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});

        assertThat(addresses.enter(one)).isTrue();
        assertThat(addresses.enter(one)).isTrue();
        assertThat(addresses.enter(one)).isFalse();
        assertThat(addresses.enter(two)).isTrue();
        assertThat(addresses.traffic(one)).isSameAs(addresses.traffic(one)).isNotSameAs(addresses.traffic(two));
        addresses.leave(one);
        assertThat(addresses.enter(one)).isTrue();
        addresses.leave(one);
        addresses.leave(one);
        addresses.leave(two);

        assertThat(addresses.size()).isZero();
        assertThat(addresses.traffic(one)).isNull();
    }
}
