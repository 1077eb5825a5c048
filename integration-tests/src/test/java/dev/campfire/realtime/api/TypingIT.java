package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code POST /api/conversations/{id}/typing}. */
@ExtendWith(SharedBackend.class)
class TypingIT {

    private Conversation conversation;

    @BeforeEach
    void open(Backend backend) {
        conversation = backend.conversation();
    }

    private String path() {
        return "/api/conversations/" + conversation.id() + "/typing";
    }

    private PhoenixSocket listen() {
        PhoenixSocket socket = PhoenixSocket.open(conversation.service().port(), "2.0.0");
        socket.join(conversation.channel("typing"));
        return socket;
    }

    @Test
    void what_a_member_types_arrives_in_the_standards_words() {
        try (PhoenixSocket socket = listen()) {
            for (String event : List.of("typing:start", "typing:update", "typing:stop")) {
                assertThat(Api.agentOf(conversation)
                                .post(path(), "{'event':'" + event + "','userName':'Jam','userType':'agent'}")
                                .statusCode())
                        .isEqualTo(202);

                JsonNode payload = socket.awaitBroadcast(event).payload().path("payload");
                assertThat(payload.path("userId").asText())
                        .isEqualTo(conversation.agent().toString());
                assertThat(payload.path("isTyping").asBoolean()).isEqualTo(!event.equals("typing:stop"));
            }
        }
    }

    @Test
    void what_a_visitor_types_arrives() {
        try (PhoenixSocket socket = listen()) {
            assertThat(Api.visitorOf(conversation)
                            .post(path(), "{'isTyping':true,'userId':'v1'}")
                            .statusCode())
                    .isEqualTo(202);

            socket.awaitBroadcast("typing:start");
        }
    }

    @Test
    void nothing_of_it_is_written() {
        Api.agentOf(conversation).post(path(), "{'isTyping':true}");

        assertThat(conversation
                        .database()
                        .value(
                                "SELECT count(*) FROM realtime.messages WHERE topic = ?",
                                conversation.channel("typing")))
                .isEqualTo("0");
    }

    @Test
    void who_may_not_send_on_the_channel_does_not_type() {
        try (PhoenixSocket socket = listen()) {
            Api.problem(Api.strangerTo(conversation).post(path(), "{'isTyping':true}"), 404);
            Api.problem(Api.viewerOf(conversation).post(path(), "{'isTyping':true}"), 403);
            Api.problem(Api.visitorOfAnother(conversation).post(path(), "{'isTyping':true,'userId':'v'}"), 403);
            Api.problem(Api.of(conversation, "").post(path(), "{'isTyping':true}"), 401);
            Api.problem(Api.of(conversation, Tokens.anon() + "x").post(path(), "{'isTyping':true}"), 401);

            assertThat(socket.drain())
                    .noneMatch(message -> message.event().equals("broadcast")
                            && message.userEvent().startsWith("typing"));
        }
    }

    @Test
    void every_wrong_field_is_told() {
        assertThat(Api.wrongFields(
                        Api.agentOf(conversation).post(path(), "{'event':'typing','userId':'somebody','userName':5}")))
                .containsExactlyInAnyOrder("event", "userId", "userName");
    }
}
