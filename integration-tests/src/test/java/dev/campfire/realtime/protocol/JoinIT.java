package dev.campfire.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joining, leaving, heartbeats: the state of a channel on a socket. */
@ExtendWith(SharedBackend.class)
class JoinIT {

    private final int port;
    private final String channel = "room:" + UUID.randomUUID();
    private final String topic = "realtime:" + channel;

    JoinIT(Backend backend) {
        this.port = backend.service().port();
    }

    @Test
    void a_join_is_answered_with_its_refs_and_an_empty_list_of_bindings() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String ref = socket.pushJoin(channel, Map.of("config", Map.of()));

            PhoenixMessage reply = socket.awaitReply(ref);

            assertThat(Json.read(reply.frame().text()))
                    .isEqualTo(Json.read(
                            "[\"%s\",\"%s\",\"%s\",\"phx_reply\",{\"status\":\"ok\",\"response\":{\"postgres_changes\":[]}}]"
                                    .formatted(ref, ref, topic)));
        }
    }

    @Test
    void version_one_never_hears_a_join_ref() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "1.0.0")) {
            String ref = socket.pushJoin(channel, Map.of("config", Map.of()));

            PhoenixMessage reply = socket.awaitReply(ref);

            assertThat(Json.read(reply.frame().text()).fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("topic", "event", "payload", "ref");
        }
    }

    @Test
    void a_heartbeat_is_answered_outside_of_any_channel() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String ref = socket.push(null, "phoenix", "heartbeat", Map.of());

            assertThat(Json.read(socket.awaitReply(ref).frame().text()))
                    .isEqualTo(Json.read("[null,\"%s\",\"phoenix\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]"
                            .formatted(ref)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "2.0.0"})
    void only_topics_of_realtime_exist(String vsn) {
        try (PhoenixSocket socket = PhoenixSocket.open(port, vsn)) {
            PhoenixMessage reply = socket.awaitReply(socket.push("1", "elsewhere:room", "phx_join", Map.of()));

            assertThat(reply.status()).isEqualTo("error");
            assertThat(reply.reason()).isEqualTo("unmatched topic");
            assertThat(reply.joinRef()).isNull();
        }
    }

    @Test
    void a_topic_needs_a_name() {
        assertJoinRefused("", Map.of(), "TopicNameRequired: You must provide a topic name");
    }

    @Test
    void a_join_with_an_expired_token_is_refused_with_its_age() {
        Map<String, Object> payload = Map.of("access_token", Tokens.ofRole("anon", Duration.ofSeconds(-30)));

        assertJoinRefusedMatching(channel, payload, "InvalidJWTToken: Token has expired 3\\d seconds ago");
    }

    @Test
    void a_join_with_something_that_is_no_token_is_refused() {
        assertJoinRefused(
                channel, Map.of("access_token", "nonsense"), "MalformedJWT: The token provided is not a valid JWT");
    }

    @Test
    void a_join_with_a_token_of_another_secret_is_refused() {
        String token = Tokens.signed(
                Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1))),
                "another-secret-of-at-least-32-characters");

        assertJoinRefused(
                channel, Map.of("access_token", token), "JwtSignatureError: Failed to validate JWT signature");
    }

    @Test
    void a_join_with_a_token_without_role_is_refused() {
        String token = Tokens.signed(Map.of("exp", Tokens.in(Duration.ofHours(1))));

        assertJoinRefused(
                channel, Map.of("access_token", token), "InvalidJWTToken: Fields `role` and `exp` are required in JWT");
    }

    @Test
    void leaving_is_answered_and_then_closes_the_channel() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String join = socket.join(channel);

            String leave = socket.push(join, topic, "phx_leave", Map.of());

            PhoenixMessage reply = socket.await("anything", message -> true);
            assertThat(reply.event()).isEqualTo("phx_reply");
            assertThat(reply.ref()).isEqualTo(leave);
            assertThat(reply.status()).isEqualTo("ok");
            PhoenixMessage close = socket.awaitEvent("phx_close");
            assertThat(close.joinRef()).isEqualTo(join);
            assertThat(close.ref()).isEqualTo(join);
        }
    }

    @Test
    void joining_twice_closes_the_older_channel_under_its_own_ref() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String older = socket.join(channel);

            String newer = socket.join(channel);

            PhoenixMessage close = socket.awaitEvent("phx_close");
            assertThat(close.joinRef()).isEqualTo(older);
            assertThat(close.ref()).isEqualTo(older);
            String push = socket.push(newer, topic, "phx_leave", Map.of());
            assertThat(socket.awaitReply(push).status()).isEqualTo("ok");
        }
    }

    @Test
    void a_push_to_a_channel_that_is_not_joined_is_refused() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String ref = socket.push("1", topic, "broadcast", Map.of("event", "shout", "payload", Map.of()));

            PhoenixMessage reply = socket.awaitReply(ref);

            assertThat(reply.status()).isEqualTo("error");
            assertThat(reply.reason()).isEqualTo("unmatched topic");
        }
    }

    @Test
    void a_push_with_a_stale_or_missing_join_ref_is_accepted() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            socket.join(channel, Map.of("broadcast", Map.of("ack", true)));
            Map<String, Object> broadcast = Map.of("type", "broadcast", "event", "shout", "payload", Map.of());

            assertThat(socket.awaitReply(socket.push("stale", topic, "broadcast", broadcast))
                            .status())
                    .isEqualTo("ok");
            assertThat(socket.awaitReply(socket.push(null, topic, "broadcast", broadcast))
                            .status())
                    .isEqualTo("ok");
        }
    }

    @Test
    void settings_of_the_wrong_type_do_not_refuse_a_join() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            Map<String, Object> config =
                    Map.of("broadcast", Map.of("ack", "TRUE", "self", 17), "unknown", Map.of("a", 1));

            String join = socket.join(channel, config);

            String push = socket.push(join, topic, "broadcast", Map.of("event", "shout", "payload", Map.of()));
            assertThat(socket.awaitReply(push).status()).as("ack, said as text").isEqualTo("ok");
        }
    }

    private void assertJoinRefused(String name, Map<String, Object> payload, String reason) {
        assertJoinRefusedMatching(name, payload, Pattern.quote(reason));
    }

    private void assertJoinRefusedMatching(String name, Map<String, Object> payload, String regex) {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String ref = socket.pushJoin(name, payload);
            PhoenixMessage reply = socket.awaitReply(ref);
            assertThat(reply.status()).isEqualTo("error");
            assertThat(reply.reason()).matches(regex);
            assertThat(reply.joinRef()).isEqualTo(ref);
        }
    }
}
