package dev.campfire.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.HttpAnswer;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.RawSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No token, no socket; and what is said to whom is refused. */
@ExtendWith(SharedBackend.class)
class HandshakeIT {

    private final int port;

    HandshakeIT(Backend backend) {
        this.port = backend.service().port();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/v1/websocket", "/socket/websocket"})
    void opens_on_both_paths(String path) {
        HttpAnswer answer = ask(path + "?vsn=2.0.0&apikey=" + Tokens.anon(), Map.of());

        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.headers()).containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void answers_no_subprotocol() {
        HttpAnswer answer = ask(PhoenixSocket.target("2.0.0", Tokens.anon()), Map.of());

        assertThat(answer.headers()).doesNotContainKey("sec-websocket-protocol");
    }

    @Test
    void refuses_a_socket_without_a_token() {
        assertRefused(ask("/realtime/v1/websocket?vsn=2.0.0", Map.of()), "API key is missing");
    }

    @Test
    void refuses_what_is_not_a_token() {
        assertRefused(withToken("nonsense"), "The token provided is not a valid JWT");
    }

    @Test
    void refuses_a_token_of_another_secret() {
        String token = Tokens.signed(
                Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1))),
                "another-secret-of-at-least-32-characters");

        assertRefused(withToken(token), "Failed to validate JWT signature");
    }

    @Test
    void refuses_an_expired_token() {
        assertRefused(withToken(Tokens.ofRole("anon", Duration.ofSeconds(-10))), "Token has expired");
    }

    @Test
    void refuses_a_token_without_expiry() {
        assertRefused(withToken(Tokens.signed(Map.of("role", "anon"))), "Fields `role` and `exp` are required in JWT");
    }

    @Test
    void refuses_a_token_without_role() {
        assertRefused(
                withToken(Tokens.signed(Map.of("exp", Tokens.in(Duration.ofHours(1))))),
                "Fields `role` and `exp` are required in JWT");
    }

    @Test
    void refuses_an_unsigned_token() {
        String[] parts = Tokens.anon().split("\\.");
        String head = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());

        HttpAnswer answer = withToken(head + "." + parts[1] + ".");

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void prefers_the_header_to_the_parameter() {
        HttpAnswer answer = ask(PhoenixSocket.target("2.0.0", "nonsense"), Map.of("x-api-key", Tokens.anon()));

        assertThat(answer.status()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.0.0", "nonsense"})
    void refuses_a_version_that_it_does_not_speak(String vsn) {
        HttpAnswer answer = ask(PhoenixSocket.target(vsn, Tokens.anon()), Map.of());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void speaks_version_one_when_none_is_asked_for() {
        try (RawSocket socket = RawSocket.open(port, "/socket/websocket?apikey=" + Tokens.anon())) {
            socket.sendText("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":\"1\"}");

            assertThat(Json.read(socket.awaitFrame().text()))
                    .isEqualTo(
                            Json.read(
                                    "{\"topic\":\"phoenix\",\"event\":\"phx_reply\",\"payload\":{\"status\":\"ok\",\"response\":{}},\"ref\":\"1\"}"));
        }
    }

    private HttpAnswer withToken(String token) {
        return ask(PhoenixSocket.target("2.0.0", token), Map.of());
    }

    private HttpAnswer ask(String target, Map<String, String> headers) {
        return RawSocket.handshake(port, target, headers);
    }

    private static void assertRefused(HttpAnswer answer, String message) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers().get("content-type")).startsWith("application/json");
        assertThat(answer.body()).isEqualTo(Json.write(Map.of("error", message)));
    }
}
