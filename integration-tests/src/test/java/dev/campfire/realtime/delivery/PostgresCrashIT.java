package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.HistoryChecker;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of Postgres while clients stay connected: what it had committed arrives, once. */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class PostgresCrashIT {

    private static final int ROWS = 40_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Backend backend;

    PostgresCrashIT(PostgresProvider provider) {
        this.backend = Backend.start(provider);
    }

    @BeforeEach
    void start_streaming() {
        backend.service().awaitHealthy();
    }

    @AfterAll
    void close() {
        backend.close();
    }

    @Test
    void a_committed_copy_of_40_000_rows_arrives_whole_when_postgres_is_killed_while_it_is_sent() throws SQLException {
        Conversation conversation = backend.conversation();
        MessageCopy messages = new MessageCopy(conversation);
        try (SupabaseClient client = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());

            messages.copy(0, ROWS);
            channel.awaitDeliveries(1);
            backend.server().kill();
            int arrivedBefore = channel.deliveryCount();
            backend.server().start();
            channel.awaitDeliveries(ROWS, PATIENCE);

            assertThat(arrivedBefore)
                    .as("rows that had arrived when Postgres was killed")
                    .isLessThan(ROWS);
            assertThat(messages.committed()).hasSize(ROWS);
            assertWhole(conversation, channel, messages);
        }
    }

    @Test
    void a_copy_that_the_kill_interrupts_leaves_nothing_and_what_was_committed_before_it_arrives() throws SQLException {
        Conversation conversation = backend.conversation();
        MessageCopy messages = new MessageCopy(conversation);
        try (SupabaseClient client = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());

            messages.copy(0, 500);
            assertThatThrownBy(() -> messages.copy(500, ROWS, backend.server()::kill))
                    .isInstanceOf(SQLException.class);
            backend.server().start();
            messages.copy(500, 1_000);

            channel.awaitDeliveries(1_000, PATIENCE);
            assertWhole(conversation, channel, messages);
        }
    }

    @Test
    void the_service_is_unhealthy_while_postgres_is_down_and_healthy_again_afterwards() {
        backend.server().kill();
        backend.service().awaitUnhealthy();
        backend.server().start();

        backend.service().awaitHealthy();
    }

    private void assertWhole(Conversation conversation, SupabaseChannel channel, MessageCopy messages) {
        int rows = channel.deliveryCount();
        var committed = messages.committed();
        conversation.say("the end");
        channel.awaitDelivery(
                "the end", delivery -> delivery.record("content").asText().equals("the end"));
        assertThat(channel.statuses()).as("the client never lost its channel").containsExactly("SUBSCRIBED");
        assertThat(channel.deliveryCount())
                .as("deliveries with the last message")
                .isEqualTo(rows + 1);
        HistoryChecker.of(channel.deliveries().subList(0, rows))
                .hasNoDuplicates()
                .isInOrder()
                .hasExactlyInOrder("content", committed);
    }
}
