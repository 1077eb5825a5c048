package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.SharedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code GET /api/conversations/{id}/messages}. */
@ExtendWith(SharedBackend.class)
class ListMessagesIT {

    private Conversation conversation;

    @BeforeEach
    void open(Backend backend) {
        conversation = backend.conversation();
    }

    private String path(String query) {
        return "/api/conversations/" + conversation.id() + "/messages" + query;
    }

    private static List<String> contents(JsonNode page) {
        List<String> contents = new ArrayList<>();
        page.path("messages").forEach(row -> contents.add(row.path("content").asText()));
        return contents;
    }

    @Test
    void a_member_reads_messages_in_their_order() {
        conversation.say("one");
        conversation.say("two");

        JsonNode page = Api.body(Api.agentOf(conversation).get(path("")), 200);

        assertThat(contents(page)).containsExactly("one", "two");
        assertThat(page.path("has_more").asBoolean(true)).isFalse();
    }

    @Test
    void a_visitor_reads() {
        conversation.say("one");

        assertThat(contents(Api.body(Api.visitorOf(conversation).get(path("")), 200)))
                .containsExactly("one");
    }

    @Test
    void a_viewer_reads() {
        conversation.say("one");

        assertThat(contents(Api.body(Api.viewerOf(conversation).get(path("")), 200)))
                .containsExactly("one");
    }

    @Test
    void a_page_goes_on_where_the_last_one_ended() {
        // One moment for all of them, so that the order is not that of time alone.
        conversation
                .database()
                .update(
                        "INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                                + " SELECT ?, ?, n::text, 'customer' FROM generate_series(1, 10) AS n",
                        conversation.id(),
                        conversation.organization());
        Api agent = Api.agentOf(conversation);
        List<String> seen = new ArrayList<>();
        String query = "?limit=3";
        JsonNode page;
        do {
            page = Api.body(agent.get(path(query)), 200);
            seen.addAll(contents(page));
            query = "?limit=3&after=" + page.path("next_after").asText();
        } while (page.path("has_more").asBoolean());

        assertThat(seen).hasSize(10).doesNotHaveDuplicates();
        assertThat(contents(Api.body(agent.get(path(query)), 200))).isEmpty();
    }

    @Test
    void a_page_comes_after_a_message_or_a_time() {
        UUID one = conversation.say("one");
        conversation.say("two");
        Api agent = Api.agentOf(conversation);
        String time = Api.body(agent.get(path("?limit=1")), 200)
                .at("/messages/0/created_at")
                .asText();

        assertThat(contents(Api.body(agent.get(path("?after=" + one)), 200))).containsExactly("two");
        assertThat(contents(Api.body(agent.get(path("?after=" + time)), 200))).containsExactly("two");
    }

    @Test
    void parameters_that_are_wrong_are_told() {
        Api agent = Api.agentOf(conversation);

        assertThat(Api.wrongFields(agent.get(path("?after=x&limit=0")))).containsExactlyInAnyOrder("after", "limit");
        assertThat(Api.wrongFields(agent.get(path("?after=" + UUID.randomUUID()))))
                .containsExactly("after");
    }

    @Test
    void who_may_not_hear_the_conversation_does_not_read_it() {
        conversation.say("secret");

        Api.problem(Api.strangerTo(conversation).get(path("")), 404);
        Api.problem(Api.visitorOfAnother(conversation).get(path("")), 403);
        Api.problem(Api.of(conversation, "").get(path("")), 401);
    }
}
