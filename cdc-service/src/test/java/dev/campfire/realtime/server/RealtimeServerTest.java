package dev.campfire.realtime.server;

import static dev.campfire.realtime.server.TestSocket.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.access.ChannelPolicy;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.phoenix.PhoenixEndpoint;
import dev.campfire.realtime.phoenix.SessionLimits;
import io.netty.buffer.ByteBufAllocator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server as clients see it, over real sockets. */
final class RealtimeServerTest {

    private static final String SECRET = "a secret that is only used by these tests";
    private static final String REPLY = "{\"status\":\"ok\",\"response\":{\"postgres_changes\":[]}}";

    private final InstantSource clock = InstantSource.system();
    private final String token = new TokenMinter(SECRET, clock).mint("anon", null, Map.of(), Duration.ofHours(1));
    private final HttpClient http = HttpClient.newHttpClient();
    private final ChannelHub hub = new ChannelHub(ByteBufAllocator.DEFAULT, 1 << 26);
    private volatile Optional<String> notReady = Optional.empty();
    private RealtimeServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        TokenVerifier verifier = new TokenVerifier(List.of(SECRET), clock);
        PhoenixEndpoint phoenix =
                new PhoenixEndpoint(hub, verifier, ChannelPolicy.DENY_ALL, clock, SessionLimits.DEFAULT);
        Health health = new Health() {
            @Override
            public Optional<String> notReadyBecause() {
                return notReady;
            }

            @Override
            public String details() {
                return "{\"ready\":true}";
            }
        };
        Routes routes = Routes.withHealth(health)
                .post(
                        "/api/broadcast/:topic/events/:event",
                        call -> CompletableFuture.supplyAsync(() -> HttpAnswer.text(
                                202, call.pathParameters() + new String(call.body(), StandardCharsets.UTF_8))))
                .build();
        server = new RealtimeServer(ServerSettings.DEFAULT.withPort(0), hub, verifier, phoenix, routes);
        port = server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close(Duration.ofSeconds(5));
        http.close();
    }

    private TestSocket open(String version) {
        return TestSocket.open(http, port, "/realtime/v1/websocket?apikey=" + token + "&vsn=" + version);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private static Event event(String channel, String payload) {
        Position position = new Position(new ChangeId(1, 2, 3), 0);
        return new Event(position, channel, "message:created", Instant.EPOCH, payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_event_reaches_a_client_of_version_2_as_a_binary_frame() throws Exception {
        try (TestSocket client = open("2.0.0")) {
            client.send("[\"1\",\"1\",\"realtime:org:o:conv:c\",\"phx_join\",{\"config\":{}}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"realtime:org:o:conv:c\",\"phx_reply\"," + REPLY + "]");

            hub.publish(List.of(event("org:o:conv:c", "{\"a\":1}")));

            assertThat(client.next())
                    .isEqualTo("04150f2901" + hex("realtime:org:o:conv:c") + hex("message:created")
                            + hex("{\"id\":\"00000100000000000000020000000300\"}") + hex("{\"a\":1}"));
        }
    }

    @Test
    void an_event_reaches_a_client_of_version_1_as_an_object() throws Exception {
        try (TestSocket client = open("1.0.0")) {
            client.send("{\"topic\":\"realtime:org:o:conv:c\",\"event\":\"phx_join\",\"payload\":{},\"ref\":\"1\"}");
            assertThat(client.next())
                    .isEqualTo("{\"topic\":\"realtime:org:o:conv:c\",\"event\":\"phx_reply\",\"payload\":" + REPLY
                            + ",\"ref\":\"1\"}");

            hub.publish(List.of(event("org:o:conv:c", "{\"a\":1}")));

            assertThat(client.next())
                    .isEqualTo("{\"topic\":\"realtime:org:o:conv:c\",\"event\":\"broadcast\",\"payload\":"
                            + "{\"type\":\"broadcast\",\"event\":\"message:created\",\"payload\":{\"a\":1},"
                            + "\"meta\":{\"id\":\"00000100000000000000020000000300\"}},\"ref\":null}");
        }
    }

    @Test
    void a_broadcast_crosses_between_the_versions() throws Exception {
        try (TestSocket old = open("1.0.0");
                TestSocket current = open("2.0.0")) {
            old.send(
                    "{\"topic\":\"realtime:r\",\"event\":\"phx_join\",\"payload\":{},\"ref\":\"1\",\"join_ref\":\"1\"}");
            old.next();
            current.send("[\"1\",\"1\",\"realtime:r\",\"phx_join\",{}]");
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
    void closing_tells_every_topic_and_then_the_socket() throws Exception {
        try (TestSocket client = open("2.0.0")) {
            client.send("[\"1\",\"1\",\"realtime:r\",\"phx_join\",{}]");
            client.next();

            server.close(Duration.ofSeconds(5));

            assertThat(client.next())
                    .isEqualTo("[null,null,\"realtime:r\",\"system\",{\"extension\":\"system\",\"status\":\"ok\","
                            + "\"message\":\"Server requested disconnect\"}]");
            assertThat(client.next()).isEqualTo("close 1012");
        }
    }

    @Test
    void healthcheck_says_ok_when_ready_and_why_not_otherwise() throws Exception {
        assertThat(get("/healthcheck").statusCode()).isEqualTo(200);
        assertThat(get("/healthcheck").body()).isEqualTo("ok");

        notReady = Optional.of("the database is not reachable");

        assertThat(get("/healthcheck").statusCode()).isEqualTo(503);
        assertThat(get("/healthcheck").body()).isEqualTo("the database is not reachable");
    }
}
