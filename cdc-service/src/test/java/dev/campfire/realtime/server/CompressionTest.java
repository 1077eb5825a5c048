package dev.campfire.realtime.server;

import static dev.campfire.realtime.server.ServerFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.LeakCheck;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sockets whose clients offer compression. */
@ExtendWith(LeakCheck.class)
final class CompressionTest {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final String HEARTBEAT = "[null,\"7\",\"phoenix\",\"heartbeat\",{}]";

    private ServerFixture fixture;
    private RawConnection client;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
        client = new RawConnection(fixture.port);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    private String connect(String... headers) throws Exception {
        return client.upgrade("/socket/websocket?vsn=2.0.0&apikey=" + fixture.token(), headers);
    }

    private static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 100];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - 4);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void an_offer_is_taken_without_context_takeover() throws Exception {
        assertThat(connect(OFFER).toLowerCase(java.util.Locale.ROOT))
                .contains("sec-websocket-extensions: permessage-deflate; server_no_context_takeover;"
                        + " client_no_context_takeover\r\n");
    }

    @Test
    void a_client_that_offers_nothing_is_answered_nothing_and_may_not_compress() throws Exception {
        assertThat(connect().toLowerCase(java.util.Locale.ROOT)).doesNotContain("extensions");

        client.frame(0xC1, deflated(utf8(HEARTBEAT)));

        assertThat(client.readFrame()).isEqualTo("8:1002");
    }

    @Test
    void what_clients_compress_is_understood() throws Exception {
        connect(OFFER);

        for (int i = 0; i < 2; i++) {
            client.frame(0xC1, deflated(utf8(HEARTBEAT)));
            assertThat(client.readFrame()).startsWith("1:[null,\"7\",\"phoenix\",\"phx_reply\"");
        }
        byte[] whole = deflated(utf8(HEARTBEAT));
        client.frame(0x41, Arrays.copyOf(whole, 5));
        client.frame(0x80, Arrays.copyOfRange(whole, 5, whole.length));

        assertThat(client.readFrame()).startsWith("1:[null,\"7\",\"phoenix\",\"phx_reply\"");
    }

    @Test
    void what_clients_send_as_it_is_is_understood_too() throws Exception {
        connect(OFFER);
        client.text(HEARTBEAT);

        assertThat(client.readFrame()).startsWith("1:[null,\"7\",\"phoenix\",\"phx_reply\"");
    }

    @Test
    void a_message_that_grows_beyond_the_limit_closes_the_socket_with_1009() throws Exception {
        connect(OFFER);
        client.frame(0xC1, deflated(new byte[10_000_000]));

        assertThat(client.readFrame()).isEqualTo("8:1009");
        assertThat(client.isAtEnd()).isTrue();
    }

    @Test
    void a_message_that_is_not_compressed_as_it_says_closes_the_socket_with_1002() throws Exception {
        connect(OFFER);
        client.frame(0xC1, new byte[] {7, 7, 7, 7, 7, 7});

        assertThat(client.readFrame()).isEqualTo("8:1002");
    }

    @Test
    void events_are_compressed_for_those_who_take_it_and_whole_for_the_others() throws Exception {
        connect(OFFER);
        client.text("[\"1\",\"1\",\"realtime:org:o\",\"phx_join\",{}]");
        client.readFrame();
        try (TestSocket plain = fixture.open("1.0.0")) {
            plain.send("{\"topic\":\"realtime:org:o\",\"event\":\"phx_join\",\"ref\":\"1\",\"payload\":{}}");
            plain.next();
            String payload = "{\"x\":\"" + "hello ".repeat(1000) + "\"}";

            fixture.hub.publish(List.of(event("org:o", payload)));

            assertThat(client.readFrame()).hasSizeLessThan(1000).doesNotContain("hello hello");
            assertThat(plain.next()).contains(payload);
        }
    }
}
