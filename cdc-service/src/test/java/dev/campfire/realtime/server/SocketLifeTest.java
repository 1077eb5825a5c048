package dev.campfire.realtime.server;

import static dev.campfire.realtime.server.ServerFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.LeakCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a socket goes on and ends, below the protocol: pings, limits, silence, slow readers. */
@ExtendWith(LeakCheck.class)
final class SocketLifeTest {

    private static final String JOIN = "[\"1\",\"1\",\"realtime:org:o\",\"phx_join\",{}]";

    private ServerFixture fixture;
    private RawConnection client;

    @BeforeEach
    void open() throws Exception {
        fixture = new ServerFixture();
        client = connect(fixture);
    }

    private static RawConnection connect(ServerFixture fixture) throws Exception {
        RawConnection connection = new RawConnection(fixture.port);
        assertThat(connection.upgrade("/socket/websocket?vsn=2.0.0&apikey=" + fixture.token()))
                .startsWith("HTTP/1.1 101 ");
        return connection;
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    @Test
    void a_ping_is_answered() throws Exception {
        client.frame(0x89, "hello".getBytes(StandardCharsets.UTF_8));

        assertThat(client.readFrame()).isEqualTo("10:hello");
    }

    @Test
    void a_message_in_fragments_is_one_message() throws Exception {
        client.frame(0x01, "[null,\"1\",\"phoenix\",".getBytes(StandardCharsets.UTF_8));
        client.frame(0x80, "\"heartbeat\",{}]".getBytes(StandardCharsets.UTF_8));

        assertThat(client.readFrame()).startsWith("1:[null,\"1\",\"phoenix\",\"phx_reply\"");
    }

    @Test
    void text_that_is_not_utf8_is_dropped_and_the_socket_goes_on() throws Exception {
        client.frame(0x81, new byte[] {(byte) 0xff});
        client.text("[null,\"2\",\"phoenix\",\"heartbeat\",{}]");

        assertThat(client.readFrame()).startsWith("1:[null,\"2\",");
    }

    @Test
    void a_close_frame_is_answered_with_its_code() throws Exception {
        client.text(JOIN);
        client.readFrame();
        client.frame(0x88, new byte[] {0x0f, (byte) 0xa0});

        assertThat(client.readFrame()).isEqualTo("8:4000");
        assertThat(client.isAtEnd()).isTrue();
        assertThat(fixture.hub.counts().subscriptions()).isZero();
    }

    @Test
    void a_frame_that_is_too_large_closes_the_socket_with_1009() throws Exception {
        client.frame(0x82, new byte[200_001]);

        assertThat(client.readFrame()).isEqualTo("8:1009");
        assertThat(client.isAtEnd()).isTrue();
    }

    @Test
    void fragments_that_are_too_large_together_close_the_socket_with_1009() throws Exception {
        client.frame(0x02, new byte[150_000]);
        client.frame(0x80, new byte[150_000]);

        assertThat(client.readFrame()).isEqualTo("8:1009");
    }

    @Test
    void a_frame_that_breaks_the_protocol_closes_the_socket_with_1002() throws Exception {
        client.frame(0xf1, new byte[] {1});

        assertThat(client.readFrame()).isEqualTo("8:1002");
    }

    @Test
    void a_socket_that_is_cut_leaves_its_channels() throws Exception {
        client.text(JOIN);
        client.readFrame();

        client.close();

        await().until(() -> fixture.hub.counts().subscriptions() == 0);
    }

    @Test
    void a_silent_socket_is_closed_with_1000() throws Exception {
        try (ServerFixture impatient = new ServerFixture(Duration.ofMinutes(1), Duration.ofMillis(300));
                RawConnection silent = connect(impatient)) {
            assertThat(silent.readFrame()).isEqualTo("8:1000");
        }
    }

    @Test
    void a_slow_reader_is_told_and_closed_with_1013_while_others_get_everything() throws Exception {
        String payload = "{\"x\":\"" + "x".repeat(10_000) + "\"}";
        int events = 1_000;
        // It reads only when all others have everything, which may take its time.
        try (ServerFixture patient = ServerFixture.withCloseGrace(Duration.ofMinutes(1));
                RawConnection slow = connect(patient);
                TestSocket reader = patient.open("2.0.0")) {
            reader.send(JOIN);
            reader.next();
            slow.text(JOIN);
            slow.readFrame();

            for (int i = 0; i < events; i++) {
                patient.hub.publish(List.of(event("org:o", payload)));
                reader.next();
            }

            List<String> frames = readUntilClose(slow);
            assertThat(frames).last().isEqualTo("8:1013");
            assertThat(frames.get(frames.size() - 2)).contains("\"Too much is waiting to be read by this client\"");
            assertThat(frames).hasSizeLessThan(events);
        }
    }

    private static List<String> readUntilClose(RawConnection client) throws Exception {
        List<String> frames = new java.util.ArrayList<>();
        do {
            frames.add(client.readFrame());
        } while (!frames.getLast().startsWith("8:"));
        return frames;
    }

    @Test
    void a_reader_that_keeps_up_may_get_more_at_once_than_may_wait() throws Exception {
        try (TestSocket reader = fixture.open("2.0.0")) {
            reader.send(JOIN);
            reader.next();
            int events = 20 * ServerFixture.OUTBOUND_LIMIT / 1_000;

            fixture.hub.publish(IntStream.range(0, events)
                    .mapToObj(i -> event("org:o", "{\"x\":\"" + "x".repeat(100) + "\"}"))
                    .toList());

            for (int i = 0; i < events; i++) {
                assertThat(reader.next()).startsWith("04");
            }
        }
    }
}
