package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code PATCH /api/messages/{id}/status} and {@code POST /api/conversations/{id}/read}. */
@ExtendWith(SharedBackend.class)
class StatusAndReadIT {

    private Conversation conversation;
    private UUID message;

    @BeforeEach
    void open(Backend backend) {
        conversation = backend.conversation();
        message = conversation.say("Hello");
    }

    private String path() {
        return "/api/messages/" + message + "/status";
    }

    private String readPath() {
        return "/api/conversations/" + conversation.id() + "/read";
    }

    private String status(UUID of) {
        return conversation.database().value("SELECT status FROM messages WHERE id = ?", of);
    }

    private PhoenixSocket listen() {
        PhoenixSocket socket = PhoenixSocket.open(
                conversation.service().port(),
                "2.0.0",
                Tokens.authenticated(conversation.agent().toString()));
        socket.join(conversation.channel());
        return socket;
    }

    @Test
    void a_member_reports_delivery_and_hears_the_row() {
        JsonNode row = Api.body(Api.agentOf(conversation).patch(path(), "{'status':'delivered'}"), 200);

        assertThat(row.path("status").asText()).isEqualTo("delivered");
        assertThat(row.path("id").asText()).isEqualTo(message.toString());
        assertThat(status(message)).isEqualTo("delivered");
    }

    @Test
    void a_visitor_reports_that_it_has_read() {
        Api.body(Api.visitorOf(conversation).patch(path(), "{'status':'read'}"), 200);

        assertThat(status(message)).isEqualTo("read");
    }

    @Test
    void a_report_arrives_as_its_event() {
        try (PhoenixSocket socket = listen()) {
            Api.body(Api.agentOf(conversation).patch(path(), "{'status':'delivered'}"), 200);

            socket.awaitBroadcast("message:status:delivered");
        }
    }

    @Test
    void a_report_that_was_overtaken_takes_nothing_back() {
        Api agent = Api.agentOf(conversation);
        agent.patch(path(), "{'status':'read'}");

        JsonNode row = Api.body(agent.patch(path(), "{'status':'delivered'}"), 200);

        assertThat(row.path("status").asText()).isEqualTo("read");
        assertThat(status(message)).isEqualTo("read");
    }

    @Test
    void to_a_stranger_there_is_no_such_message() {
        Api.problem(Api.strangerTo(conversation).patch(path(), "{'status':'read'}"), 404);

        assertThat(status(message)).isEqualTo("sent");
    }

    @Test
    void a_viewer_and_a_visitor_of_another_conversation_report_nothing() {
        Api.problem(Api.viewerOf(conversation).patch(path(), "{'status':'read'}"), 403);
        Api.problem(Api.visitorOfAnother(conversation).patch(path(), "{'status':'read'}"), 403);

        assertThat(status(message)).isEqualTo("sent");
    }

    @Test
    void another_status_is_told_and_not_written() {
        assertThat(Api.wrongFields(Api.agentOf(conversation).patch(path(), "{'status':'lost','x':1}")))
                .containsExactlyInAnyOrder("status", "x");

        assertThat(status(message)).isEqualTo("sent");
    }

    @Test
    void what_is_not_there_or_is_no_id_is_not_found() {
        Api agent = Api.agentOf(conversation);

        Api.problem(agent.patch("/api/messages/" + UUID.randomUUID() + "/status", "{'status':'read'}"), 404);
        Api.problem(agent.patch("/api/messages/1/status", "{'status':'read'}"), 404);
    }

    @Test
    void a_member_marks_what_customers_wrote() {
        UUID second = conversation.say("Anybody there?");
        UUID own = conversation.say("Yes");
        conversation.change(own, "sender_type = 'agent'");

        JsonNode marked = Api.body(Api.agentOf(conversation).post(readPath(), ""), 200);

        assertThat(marked.path("count").asInt()).isEqualTo(2);
        assertThat(marked.path("message_ids").toString())
                .contains(message.toString(), second.toString())
                .doesNotContain(own.toString());
        assertThat(status(message)).isEqualTo("read");
        assertThat(status(own)).isEqualTo("sent");
    }

    @Test
    void a_visitor_marks_what_agents_wrote() {
        conversation.change(message, "sender_type = 'agent'");
        UUID own = conversation.say("Mine");

        assertThat(Api.body(Api.visitorOf(conversation).post(readPath(), "{}"), 200)
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(status(message)).isEqualTo("read");
        assertThat(status(own)).isEqualTo("sent");
    }

    @Test
    void reading_goes_as_far_as_the_message_that_is_named() {
        UUID second = conversation.say("Two");

        Api.body(Api.agentOf(conversation).post(readPath(), "{'message_id':'" + message + "'}"), 200);

        assertThat(status(message)).isEqualTo("read");
        assertThat(status(second)).isEqualTo("sent");
    }

    @Test
    void a_message_of_another_conversation_marks_no_place() {
        UUID foreign = conversation.another().say("Elsewhere");

        assertThat(Api.wrongFields(Api.agentOf(conversation).post(readPath(), "{'message_id':'" + foreign + "'}")))
                .containsExactly("message_id");
        assertThat(status(message)).isEqualTo("sent");
    }

    @Test
    void read_receipts_arrive() {
        try (PhoenixSocket socket = listen()) {
            Api.body(Api.agentOf(conversation).post(readPath(), ""), 200);

            assertThat(socket.awaitBroadcast("read:receipt")
                            .payload()
                            .path("payload")
                            .at("/record/id")
                            .asText())
                    .isEqualTo(message.toString());
        }
    }

    @Test
    void what_is_read_already_is_not_marked_again() {
        Api agent = Api.agentOf(conversation);
        agent.post(readPath(), "");

        assertThat(Api.body(agent.post(readPath(), ""), 200).path("count").asInt())
                .isZero();
    }

    @Test
    void nobody_marks_what_they_may_not_write() {
        Api.problem(Api.strangerTo(conversation).post(readPath(), ""), 404);
        Api.problem(Api.viewerOf(conversation).post(readPath(), ""), 403);
        Api.problem(Api.visitorOfAnother(conversation).post(readPath(), ""), 403);
        Api.problem(Api.of(conversation, "").post(readPath(), ""), 401);

        assertThat(status(message)).isEqualTo("sent");
    }
}
