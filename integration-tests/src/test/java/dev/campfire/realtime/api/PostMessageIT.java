package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code POST /api/messages}. */
@ExtendWith(SharedBackend.class)
class PostMessageIT {

    private static final String PATH = "/api/messages";

    private Conversation conversation;

    @BeforeEach
    void open(Backend backend) {
        conversation = backend.conversation();
    }

    private int written() {
        return Integer.parseInt(conversation
                .database()
                .value("SELECT count(*) FROM messages WHERE conversation_id = ?", conversation.id()));
    }

    @Test
    void a_member_writes_and_hears_the_row_as_it_is() {
        HttpResponse<String> answer = Api.agentOf(conversation)
                .post(
                        PATH,
                        "{'conversation_id':'" + conversation.id() + "','organization_id':'"
                                + conversation.organization()
                                + "','content':'Hello','sender_type':'agent','sender_name':'Jam','sender_email':"
                                + "'jam@jam.com','metadata':{'n':1.10},'attachments':[]}");

        JsonNode row = Api.body(answer, 201);
        assertThat(row.path("content").asText()).isEqualTo("Hello");
        assertThat(row.path("status").asText()).isEqualTo("sent");
        assertThat(row.path("message_type").asText()).isEqualTo("text");
        assertThat(row.path("sender_name").asText()).isEqualTo("Jam");
        assertThat(conversation
                        .database()
                        .value(
                                "SELECT metadata->>'n' FROM messages WHERE id = ?",
                                UUID.fromString(row.path("id").asText())))
                .isEqualTo("1.10");
    }

    @Test
    void a_visitor_writes() {
        Api.body(Api.visitorOf(conversation).post(PATH, Api.message(conversation, "Hi")), 201);

        assertThat(written()).isEqualTo(1);
    }

    @Test
    void the_path_behind_no_gateway_is_the_same() {
        Api.body(Api.visitorOf(conversation).post("/realtime/v1" + PATH, Api.message(conversation, "Hi")), 201);
    }

    @Test
    void the_row_arrives_as_message_created() {
        try (PhoenixSocket socket = PhoenixSocket.open(
                conversation.service().port(),
                "2.0.0",
                Tokens.authenticated(conversation.agent().toString()))) {
            socket.join(conversation.channel());

            JsonNode row = Api.body(Api.visitorOf(conversation).post(PATH, Api.message(conversation, "Heard")), 201);

            JsonNode record = socket.awaitBroadcast("message:created")
                    .payload()
                    .path("payload")
                    .path("record");
            assertThat(record.path("id")).isEqualTo(row.path("id"));
            assertThat(record.path("content").asText()).isEqualTo("Heard");
        }
    }

    @Test
    void without_a_token_nothing_is_written() {
        HttpResponse<String> answer = Api.of(conversation, "").post(PATH, Api.message(conversation, "Hi"));

        Api.problem(answer, 401);
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(written()).isZero();
    }

    @Test
    void to_a_stranger_there_is_no_such_conversation() {
        Api.problem(Api.strangerTo(conversation).post(PATH, Api.message(conversation, "Hi")), 404);

        assertThat(written()).isZero();
    }

    @Test
    void a_viewer_writes_nothing() {
        Api.problem(Api.viewerOf(conversation).post(PATH, Api.message(conversation, "Hi")), 403);

        assertThat(written()).isZero();
    }

    @Test
    void a_visitor_of_another_conversation_writes_nothing() {
        Api.problem(Api.visitorOfAnother(conversation).post(PATH, Api.message(conversation, "Hi")), 403);

        assertThat(written()).isZero();
    }

    @Test
    void a_role_that_the_service_may_not_become_writes_nothing() {
        Api superuser = Api.of(conversation, Tokens.ofRole("postgres", java.time.Duration.ofHours(1)));

        Api.problem(superuser.post(PATH, Api.message(conversation, "Hi")), 403);

        assertThat(written()).isZero();
    }

    @Test
    void a_member_does_not_write_into_the_conversation_of_another_organization(Backend backend) {
        Conversation foreign = backend.conversation();
        String body = Api.message(foreign, "Hi")
                .replace(
                        foreign.organization().toString(),
                        conversation.organization().toString());

        Api.problem(Api.agentOf(conversation).post(PATH, body), 404);

        assertThat(backend.database().value("SELECT count(*) FROM messages WHERE conversation_id = ?", foreign.id()))
                .isEqualTo("0");
    }

    @Test
    void the_organization_has_to_be_that_of_a_conversation_that_is_seen(Backend backend) {
        Conversation foreign = backend.conversation();
        String body = Api.message(foreign, "Hi")
                .replace(
                        foreign.organization().toString(),
                        conversation.organization().toString());

        assertThat(Api.wrongFields(Api.visitorOf(conversation).post(PATH, body)))
                .containsExactly("organization_id");
    }

    @Test
    void every_wrong_field_is_told_and_nothing_is_written() {
        String body = "{'conversation_id':'" + conversation.id()
                + "','content':'','sender_type':'robot','sender_email':'nobody'}";

        assertThat(Api.wrongFields(Api.agentOf(conversation).post(PATH, body)))
                .containsExactlyInAnyOrder("organization_id", "content", "sender_type", "sender_email");
        assertThat(written()).isZero();
    }

    @Test
    void what_a_constraint_of_the_table_refuses_is_told_with_its_name(Backend backend) {
        backend.database()
                .execute("ALTER TABLE messages ADD CONSTRAINT no_cursing CHECK (content <> 'curse') NOT VALID");
        try {
            HttpResponse<String> answer = Api.agentOf(conversation).post(PATH, Api.message(conversation, "curse"));

            assertThat(Api.problem(answer, 422).path("detail").asText()).contains("no_cursing");
            assertThat(answer.body()).doesNotContain("Failing row");
        } finally {
            backend.database().execute("ALTER TABLE messages DROP CONSTRAINT no_cursing");
        }
    }

    @Test
    void a_body_that_is_no_object_is_malformed() {
        for (String body : new String[] {"[]", "x", "{'a':1,'a':2}", "{", "{} {}"}) {
            Api.problem(Api.agentOf(conversation).post(PATH, body), 400);
        }
    }
}
