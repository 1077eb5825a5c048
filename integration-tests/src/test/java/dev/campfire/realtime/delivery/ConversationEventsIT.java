package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a conversation's row: which events, in which order, on which channels. */
@ExtendWith(SharedBackend.class)
class ConversationEventsIT {

    private final Conversation conversation;
    private final PhoenixSocket socket;

    ConversationEventsIT(Backend backend) {
        this.conversation = backend.conversation();
        this.socket = PhoenixSocket.open(
                backend.service().port(), "2.0.0", Tokens.ofRole("service_role", Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    @Test
    void a_new_conversation_appears_among_all_conversations() {
        socket.join(conversation.conversationsChannel());

        Conversation created = conversation.another();

        PhoenixMessage message = socket.awaitBroadcast("conversation:created");
        assertThat(message.payload().at("/payload/record/id").asText())
                .isEqualTo(created.id().toString());
        assertThat(message.payload().at("/payload/table").asText()).isEqualTo("conversations");
    }

    @Test
    void closing_reopening_and_archiving_each_have_an_event_beside_the_general_one() {
        socket.join(conversation.channel());
        socket.join(conversation.conversationsChannel());

        conversation.change("status = 'closed'");
        conversation.change("status = 'open'");
        conversation.change("status = 'archived'");

        String[] expected = {
            "conversation:updated", "conversation:closed",
            "conversation:updated", "conversation:reopened",
            "conversation:updated", "conversation:archived",
        };
        assertThat(receive(conversation.channel(), expected.length)).containsExactly(expected);
        assertThat(receive(conversation.conversationsChannel(), expected.length))
                .containsExactly(expected);
    }

    @Test
    void any_other_change_is_the_general_event_alone() {
        socket.join(conversation.channel());

        conversation.change("subject = 'another'");
        conversation.change("status = 'closed'");

        assertThat(receive(conversation.channel(), 3))
                .containsExactly("conversation:updated", "conversation:updated", "conversation:closed");
    }

    @Test
    void assigning_tells_the_conversation_and_the_agent() {
        socket.join(conversation.channel());
        socket.join(conversation.conversationsChannel());
        socket.join(conversation.userChannel(conversation.agent()));

        conversation.change("assigned_agent_id = '" + conversation.agent() + "'");

        assertThat(receive(conversation.channel(), 2)).containsExactly("conversation:updated", "conversation:assigned");
        assertThat(receive(conversation.conversationsChannel(), 2))
                .containsExactly("conversation:updated", "conversation:assigned");
        assertThat(receive(conversation.userChannel(conversation.agent()), 1)).containsExactly("agent:assigned");
    }

    @Test
    void reassigning_tells_both_agents() {
        UUID next = UUID.randomUUID();
        joinOnceAssigned();
        socket.join(conversation.userChannel(conversation.agent()));
        socket.join(conversation.userChannel(next));

        conversation.change("assigned_agent_id = '" + next + "'");

        assertThat(receive(conversation.userChannel(conversation.agent()), 1)).containsExactly("agent:unassigned");
        assertThat(receive(conversation.userChannel(next), 1)).containsExactly("agent:assigned");
        assertThat(receive(conversation.channel(), 3))
                .containsExactly("conversation:updated", "conversation:unassigned", "conversation:assigned");
    }

    @Test
    void unassigning_tells_the_conversation_and_the_agent() {
        joinOnceAssigned();
        socket.join(conversation.userChannel(conversation.agent()));

        conversation.change("assigned_agent_id = NULL");

        assertThat(receive(conversation.channel(), 2))
                .containsExactly("conversation:updated", "conversation:unassigned");
        assertThat(receive(conversation.userChannel(conversation.agent()), 1)).containsExactly("agent:unassigned");
    }

    @Test
    void a_handover_is_requested_and_completed() {
        socket.join(conversation.channel());

        conversation.change("ai_handover_status = 'requested'");
        conversation.change("ai_handover_status = 'completed'");

        assertThat(receive(conversation.channel(), 4))
                .containsExactly(
                        "conversation:updated", "ai:handover:requested",
                        "conversation:updated", "ai:handover:completed");
    }

    @Test
    void one_statement_that_changes_everything_yields_every_event_with_the_same_rows() {
        socket.join(conversation.channel());

        conversation.change("status = 'closed', assigned_agent_id = '" + conversation.agent()
                + "', ai_handover_status = 'requested'");

        List<PhoenixMessage> messages = List.of(
                socket.awaitBroadcast("conversation:updated"),
                socket.awaitBroadcast("conversation:closed"),
                socket.awaitBroadcast("conversation:assigned"),
                socket.awaitBroadcast("ai:handover:requested"));
        assertThat(messages)
                .extracting(message -> message.payload().at("/payload/record"))
                .allMatch(messages.getFirst().payload().at("/payload/record")::equals);
        assertThat(messages)
                .extracting(message -> message.payload().at("/payload/id").asText())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /** Joins the conversation's channel, assigns the conversation to its agent, and reads the events of that. */
    private void joinOnceAssigned() {
        socket.join(conversation.channel());
        conversation.change("assigned_agent_id = '" + conversation.agent() + "'");
        assertThat(receive(conversation.channel(), 2)).containsExactly("conversation:updated", "conversation:assigned");
    }

    /** The names of the next broadcasts on a channel. */
    private List<String> receive(String channel, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> socket.await(
                                "broadcast on " + channel,
                                message -> message.event().equals("broadcast")
                                        && message.topic().equals("realtime:" + channel))
                        .userEvent())
                .toList();
    }
}
