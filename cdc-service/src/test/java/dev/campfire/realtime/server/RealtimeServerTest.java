package dev.campfire.realtime.server;

import static dev.campfire.realtime.server.ServerFixture.event;
import static dev.campfire.realtime.server.TestSocket.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.LeakCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server as clients see it, over real sockets. */
@ExtendWith(LeakCheck.class)
final class RealtimeServerTest {

    private static final String REPLY = "{\"status\":\"ok\",\"response\":{\"postgres_changes\":[]}}";

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void an_event_reaches_a_client_of_version_2_as_a_binary_frame() throws Exception {
        try (TestSocket client = fixture.open("2.0.0")) {
            client.send("[\"1\",\"1\",\"realtime:org:o:conv:c\",\"phx_join\",{\"config\":{}}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"realtime:org:o:conv:c\",\"phx_reply\"," + REPLY + "]");

            fixture.hub.publish(List.of(event("org:o:conv:c", "{\"a\":1}")));

            assertThat(client.next())
                    .isEqualTo("04150f2901" + hex("realtime:org:o:conv:c") + hex("message:created")
                            + hex("{\"id\":\"00000100000000000000020000000300\"}") + hex("{\"a\":1}"));
        }
    }

    @Test
    void an_event_reaches_a_client_of_version_1_as_an_object() throws Exception {
        try (TestSocket client = fixture.open("1.0.0")) {
            client.send(
                    "{\"topic\":\"realtime:org:o:conv:c\",\"event\":\"phx_join\",\"payload\":{\"config\":{}},\"ref\":\"1\"}");
            assertThat(client.next())
                    .isEqualTo("{\"topic\":\"realtime:org:o:conv:c\",\"event\":\"phx_reply\",\"payload\":" + REPLY
                            + ",\"ref\":\"1\"}");

            fixture.hub.publish(List.of(event("org:o:conv:c", "{\"a\":1}")));

            assertThat(client.next())
                    .isEqualTo("{\"topic\":\"realtime:org:o:conv:c\",\"event\":\"broadcast\",\"payload\":"
                            + "{\"type\":\"broadcast\",\"event\":\"message:created\",\"payload\":{\"a\":1},"
                            + "\"meta\":{\"id\":\"00000100000000000000020000000300\"}},\"ref\":null}");
        }
    }

    @Test
    void a_broadcast_crosses_between_the_versions() throws Exception {
        try (TestSocket old = fixture.open("1.0.0");
                TestSocket current = fixture.open("2.0.0")) {
            old.send("{\"topic\":\"realtime:r\",\"event\":\"phx_join\",\"payload\":{\"config\":{}},\"ref\":\"1\"}");
            old.next();
            current.send("[\"1\",\"1\",\"realtime:r\",\"phx_join\",{\"config\":{}}]");
            current.next();

            current.sendHex("03 01 01 0a 01 00 01 31 32" + hex("realtime:r") + hex("e") + hex("{\"x\":1}"));
            assertThat(old.next())
                    .isEqualTo("{\"topic\":\"realtime:r\",\"event\":\"broadcast\",\"payload\":"
                            + "{\"type\":\"broadcast\",\"event\":\"e\",\"payload\":{\"x\":1}},\"ref\":null}");

            old.send("{\"topic\":\"realtime:r\",\"event\":\"broadcast\",\"payload\":{\"event\": \"f\"},\"ref\":\"2\"}");
            assertThat(current.next()).isEqualTo("[null,null,\"realtime:r\",\"broadcast\",{\"event\": \"f\"}]");
        }
    }

    @Test
    void an_unfinished_client_does_not_keep_the_server_from_closing() throws Exception {
        try (RawConnection silent = new RawConnection(fixture.port);
                RawConnection halfway = new RawConnection(fixture.port)) {
            halfway.send("GET /healthcheck HT");
            silent.upgrade("/socket/websocket?apikey=" + fixture.token());
            await().until(() -> fixture.server.connections() == 2);

            long start = System.nanoTime();
            fixture.server.close(Duration.ofSeconds(5));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(silent.readFrame()).isEqualTo("8:1012");
            assertThat(silent.isAtEnd()).isTrue();
            assertThat(halfway.isAtEnd()).isTrue();
        }
    }

    @Test
    void closing_tells_every_topic_and_then_the_socket() throws Exception {
        try (TestSocket client = fixture.open("2.0.0")) {
            client.send("[\"1\",\"1\",\"realtime:r\",\"phx_join\",{\"config\":{}}]");
            client.next();

            fixture.server.close(Duration.ofSeconds(5));

            assertThat(client.next())
                    .isEqualTo("[null,null,\"realtime:r\",\"system\",{\"extension\":\"system\",\"status\":\"ok\","
                            + "\"message\":\"Server requested disconnect\"}]");
            assertThat(client.next()).isEqualTo("close 1012");
        }
    }

    @Test
    void a_port_that_is_taken_is_said_in_one_line() {
        ServerSettings taken = ServerSettings.DEFAULT.withPort(fixture.port);
        RealtimeServer second = fixture.another(taken);

        org.assertj.core.api.Assertions.assertThatIOException()
                .isThrownBy(second::start)
                .withMessageStartingWith("cannot listen on 0.0.0.0:" + fixture.port + ": ");
    }
}
