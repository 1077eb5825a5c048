package dev.campfire.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A channel lives as long as its token does, and no longer. */
@ExtendWith(SharedBackend.class)
class TokenLifetimeIT {

    private final Backend backend;
    private final Conversation conversation;
    private final String topic;

    TokenLifetimeIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.topic = "realtime:" + conversation.channel();
    }

    @Test
    void delivery_ends_with_the_token() {
        try (PhoenixSocket socket = open()) {
            joinWith(socket, Tokens.ofRole("anon", Duration.ofSeconds(2)));
            conversation.say("while the token is good");
            socket.awaitBroadcast("message:created");

            PhoenixMessage system = socket.awaitEvent("system");
            PhoenixMessage error = socket.awaitEvent("phx_error");
            conversation.say("after the token has expired");
            conversation.say("and again");

            assertThat(system.payload().path("status").asText()).isEqualTo("error");
            assertThat(system.payload().path("extension").asText()).isEqualTo("system");
            assertThat(system.payload().path("message").asText()).matches("Token has expired \\d+ seconds ago");
            assertThat(system.payload().path("channel").asText()).isEqualTo(conversation.channel());
            // An error and no close: supabase-js gives a closed channel up for ever, and joins again after an error.
            assertThat(error.topic()).isEqualTo(topic);
            assertThat(error.ref()).isEqualTo(error.joinRef());
            awaitDeliveryElsewhere();
            assertThat(socket.drain()).isEmpty();
        }
    }

    @Test
    void a_new_token_in_time_keeps_the_channel() {
        try (PhoenixSocket socket = open()) {
            String join = joinWith(socket, Tokens.ofRole("anon", Duration.ofSeconds(2)));

            socket.push(join, topic, "access_token", Map.of("access_token", Tokens.anon()));
            awaitExpiryElsewhere(Duration.ofSeconds(2));
            conversation.say("after the first token's end");

            assertThat(socket.awaitBroadcast("message:created").topic()).isEqualTo(topic);
        }
    }

    @Test
    void a_good_new_token_is_not_answered() {
        try (PhoenixSocket socket = open()) {
            String join = joinWith(socket, Tokens.anon());

            socket.push(join, topic, "access_token", Map.of("access_token", Tokens.authenticated("someone")));

            assertThat(socket.drain()).isEmpty();
        }
    }

    @Test
    void a_new_token_that_is_none_closes_the_channel() {
        try (PhoenixSocket socket = open()) {
            String join = joinWith(socket, Tokens.anon());

            socket.push(join, topic, "access_token", Map.of("access_token", "nonsense"));

            assertThat(socket.awaitEvent("system").payload())
                    .isEqualTo(Json.read(("{\"extension\":\"system\",\"status\":\"error\","
                                    + "\"message\":\"The token provided is not a valid JWT\",\"channel\":\"%s\"}")
                            .formatted(conversation.channel())));
            assertThat(socket.awaitEvent("phx_close").ref()).isEqualTo(join);
        }
    }

    @Test
    void the_end_of_the_sockets_token_does_not_end_the_socket() {
        try (PhoenixSocket socket =
                PhoenixSocket.open(backend.service().port(), "2.0.0", Tokens.ofRole("anon", Duration.ofSeconds(2)))) {
            joinWith(socket, Tokens.anon());

            awaitExpiryElsewhere(Duration.ofSeconds(2));
            conversation.say("after the end of the socket's token");

            socket.awaitBroadcast("message:created");
        }
    }

    private PhoenixSocket open() {
        return PhoenixSocket.open(backend.service().port(), "2.0.0");
    }

    private String joinWith(PhoenixSocket socket, String token) {
        String ref = socket.pushJoin(conversation.channel(), Map.of("config", Map.of(), "access_token", token));
        assertThat(socket.awaitReply(ref).status()).isEqualTo("ok");
        return ref;
    }

    /** What was committed before has been delivered to whomever it concerned. */
    private void awaitDeliveryElsewhere() {
        Conversation elsewhere = conversation.another();
        try (PhoenixSocket witness = open()) {
            witness.join(elsewhere.channel());
            elsewhere.say("later than everything before");
            witness.awaitBroadcast("message:created");
        }
    }

    /** Returns when a channel whose token was minted now, to last so long, has been closed. */
    private void awaitExpiryElsewhere(Duration lifetime) {
        try (PhoenixSocket witness = open()) {
            String ref = witness.pushJoin(
                    "room:witness", Map.of("config", Map.of(), "access_token", Tokens.ofRole("anon", lifetime)));
            assertThat(witness.awaitReply(ref).status()).isEqualTo("ok");
            witness.awaitEvent("phx_error");
        }
    }
}
