package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.LeakCheck;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a stream of server-sent events begins, goes on and ends, below what it tells. */
@ExtendWith(LeakCheck.class)
final class EventStreamLifeTest {

    private static final String PATH = "/api/channels/room/events?private=false&format=sse&token=";

    private ServerFixture fixture;
    private RawConnection client;

    @BeforeEach
    void open() throws Exception {
        fixture = new ServerFixture();
        client = new RawConnection(fixture.port);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    private String begin(RawConnection connection, String version) throws Exception {
        connection.send("GET " + PATH + fixture.token() + " HTTP/" + version + "\r\nHost: any\r\n\r\n");
        return connection.head();
    }

    private void broadcast(String event, int size) {
        byte[] payload = ("\"" + "x".repeat(size) + "\"").getBytes(StandardCharsets.UTF_8);
        fixture.hub.broadcast(
                ChannelKey.joined("room", false),
                new Message.Broadcast(event, Message.Encoding.JSON, null, payload),
                null);
    }

    @Test
    void it_begins_in_chunks_with_where_it_goes_on() throws Exception {
        String head = begin(client, "1.1");

        assertThat(head)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("content-type: text/event-stream\r\n")
                .contains("cache-control: no-store")
                .contains("x-accel-buffering: no\r\n")
                .contains("access-control-allow-origin: *\r\n")
                .contains("transfer-encoding: chunked\r\n");
        broadcast("said", 1);
        assertThat(client.readUntil("event: said\n"))
                .containsPattern("^[0-9a-f]+\r\nretry: 2000\nevent: resume\ndata: \\{\"recovered\":true,");
        fixture.server.close(Duration.ofSeconds(2));
        assertThat(client.rest())
                .startsWith("data: {\"event\":\"said\",\"payload\":\"x\"}\n\n\r\n")
                .endsWith(": Server requested disconnect\n\n\r\n0\r\n\r\n");
    }

    @Test
    void a_client_of_http_1_0_gets_no_chunks() throws Exception {
        assertThat(begin(client, "1.0")).doesNotContain("transfer-encoding");

        await().until(() -> fixture.hub.counts().subscriptions() == 1);
        broadcast("said", 1);

        assertThat(client.readUntil("event: said\ndata: {\"event\":\"said\",\"payload\":\"x\"}\n\n"))
                .startsWith("retry: 2000\nevent: resume\n");
        fixture.server.close(Duration.ofSeconds(2));
        assertThat(client.rest()).isEqualTo(": Server requested disconnect\n\n");
    }

    @Test
    void a_stream_whose_client_has_gone_leaves_nothing_behind() throws Exception {
        begin(client, "1.1");
        await().until(() -> fixture.hub.counts().subscriptions() == 1);

        client.close();

        await().until(() -> fixture.hub.counts().subscriptions() == 0);
        await().until(() -> fixture.server.connections() == 0);
        assertThat(fixture.tenant.users()).isZero();
    }

    @Test
    void who_does_not_read_is_let_go_and_the_others_get_everything() throws Exception {
        begin(client, "1.1");
        try (RawConnection other = new RawConnection(fixture.port)) {
            begin(other, "1.1");
            await().until(() -> fixture.hub.counts().subscriptions() == 2);
            for (int i = 0; i < 300; i++) {
                broadcast("said" + i, 50_000);
                other.readUntil("event: said" + i + "\n");
            }
            await().until(() -> fixture.hub.counts().subscriptions() == 1);
        }
    }

    @Test
    void what_a_client_says_in_its_stream_is_dropped() throws Exception {
        begin(client, "1.1");
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        client.send(new String(noise, StandardCharsets.ISO_8859_1));
        client.send("GET /health HTTP/1.1\r\nHost: any\r\n\r\n");

        broadcast("said", 1);

        client.readUntil("event: said\n");
    }

    @Test
    void a_refusal_is_an_answer_like_any_other() throws Exception {
        client.send(
                "GET /api/channels/room/events?format=sse&token=" + fixture.token() + " HTTP/1.1\r\nHost: any\r\n\r\n");

        assertThat(client.rest())
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .contains("content-type: application/problem+json\r\n")
                .contains("\"detail\":\"Unauthorized: ");
        assertThat(fixture.hub.counts().subscriptions()).isZero();
    }
}
