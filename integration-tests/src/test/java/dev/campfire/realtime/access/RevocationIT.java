package dev.campfire.realtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who loses a membership while joined, and who never had one. */
@ExtendWith(SharedBackend.class)
class RevocationIT {

    /** What is promised is a tenth of a second; a machine that does other things besides gets more. */
    private static final Duration BOUND = Duration.ofSeconds(2);

    private final Backend backend;
    private final Database database;
    private final List<PhoenixSocket> sockets = new ArrayList<>();

    RevocationIT(Backend backend) {
        this.backend = backend;
        this.database = backend.database();
    }

    @AfterEach
    void close() {
        sockets.forEach(PhoenixSocket::close);
    }

    private PhoenixSocket open(String token) {
        PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0", token);
        sockets.add(socket);
        return socket;
    }

    private PhoenixSocket agentOf(Conversation conversation) {
        return open(Tokens.authenticated(conversation.agent().toString()));
    }

    private void suspend(Conversation conversation) {
        database.execute(
                "UPDATE organization_members SET status = 'suspended' WHERE user_id = '" + conversation.agent() + "'");
    }

    @Test
    void a_member_who_is_removed_hears_nothing_more_and_is_told_so_at_once() {
        Conversation conversation = backend.conversation();
        Conversation other = backend.conversation();
        PhoenixSocket removed = agentOf(conversation);
        PhoenixSocket stays = agentOf(other);
        removed.join(conversation.channel());
        stays.join(other.channel());
        conversation.say("still heard");
        removed.awaitBroadcast("message:created");

        long start = System.nanoTime();
        suspend(conversation);
        PhoenixMessage system = removed.awaitEvent("system");
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        removed.awaitEvent("phx_close");

        assertThat(system.payload().path("status").asText()).isEqualTo("error");
        assertThat(system.payload().path("message").asText())
                .isEqualTo("You no longer have permission to read from this Channel topic: " + conversation.channel());
        System.out.println("a removed member's channel ended " + took.toMillis() + " ms after the commit began");
        assertThat(took).isLessThan(BOUND);
        conversation.say("not heard");
        other.say("heard");
        stays.awaitBroadcast("message:created");
        assertThat(removed.drain()).noneMatch(message -> message.event().equals("broadcast"));
    }

    @Test
    void a_message_of_the_transaction_that_removes_a_member_does_not_reach_them() {
        Conversation conversation = backend.conversation();
        PhoenixSocket removed = agentOf(conversation);
        removed.join(conversation.channel());

        database.execute("INSERT INTO messages (conversation_id, organization_id, content, sender_type) VALUES ('"
                + conversation.id() + "', '" + conversation.organization() + "', 'too late', 'customer');"
                + " UPDATE organization_members SET status = 'suspended' WHERE user_id = '" + conversation.agent()
                + "'");

        removed.awaitEvent("phx_close");
        assertThat(removed.drain()).noneMatch(message -> message.event().equals("broadcast"));
    }

    @Test
    void whoever_is_no_member_may_neither_join_nor_send_whatever_they_ask_for() {
        Conversation conversation = backend.conversation();
        PhoenixSocket stranger = open(Tokens.authenticated(UUID.randomUUID().toString()));
        for (boolean isPrivate : new boolean[] {false, true}) {
            for (String channel : List.of(
                    conversation.channel(),
                    conversation.widgetChannel(),
                    conversation.conversationsChannel(),
                    conversation.channel("typing"),
                    conversation.userChannel(conversation.agent()))) {
                PhoenixMessage reply =
                        stranger.awaitReply(stranger.pushJoin(channel, Map.of("config", Map.of("private", isPrivate))));
                assertThat(reply.status()).as(channel).isEqualTo("error");
                assertThat(reply.reason())
                        .isEqualTo("Unauthorized: You do not have permissions to read from this Channel topic: "
                                + channel);
            }
        }
    }

    @Test
    void a_viewer_reads_and_neither_broadcasts_nor_types() {
        Conversation conversation = backend.conversation();
        UUID viewer = UUID.randomUUID();
        database.update(
                "INSERT INTO organization_members (organization_id, user_id, role, status) VALUES (?, ?, 'viewer', 'active')",
                conversation.organization(),
                viewer);
        PhoenixSocket viewing = open(Tokens.authenticated(viewer.toString()));
        PhoenixSocket agent = agentOf(conversation);
        String typing = conversation.channel("typing");
        String join = viewing.join(typing, Map.of("broadcast", Map.of("ack", true)));
        agent.join(typing);

        viewing.push(join, "realtime:" + typing, "broadcast", Map.of("type", "broadcast", "event", "typing:start"));
        viewing.join(conversation.channel());
        conversation.say("hello");
        viewing.awaitBroadcast("message:created");

        assertThat(agent.drain()).noneMatch(message -> message.event().equals("broadcast"));
    }

    @Test
    void a_visitor_joins_the_conversation_that_the_token_names_and_no_other() {
        Conversation conversation = backend.conversation();
        Conversation another = conversation.another();
        PhoenixSocket visitor = open(Tokens.signed(Map.of(
                "role",
                "anon",
                "exp",
                Tokens.in(Duration.ofHours(1)),
                "organization_id",
                conversation.organization().toString(),
                "conversation_id",
                conversation.id().toString())));

        visitor.join(conversation.channel());
        visitor.join(conversation.widgetChannel());
        for (String channel : List.of(
                another.channel(),
                another.widgetChannel(),
                conversation.conversationsChannel(),
                "org:" + conversation.organization())) {
            assertThat(visitor.awaitReply(visitor.pushJoin(channel, Map.of())).status())
                    .as(channel)
                    .isEqualTo("error");
        }
        visitor.join("system:announcements");
    }
}
