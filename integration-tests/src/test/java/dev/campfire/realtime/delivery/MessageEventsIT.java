package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a message's row, as supabase-js shows it to an application. */
@ExtendWith(SharedBackend.class)
class MessageEventsIT {

    private final Backend backend;
    private final Conversation conversation;
    private final SupabaseClient client;

    MessageEventsIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.client = SupabaseClient.connect(backend.service().url());
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void an_insert_is_message_created_with_the_row_as_record() {
        SupabaseChannel channel = client.subscribe(conversation.channel());

        UUID message = conversation.say("Hello, \"wörld\" \u0001 🔥");

        Delivery created = channel.awaitDeliveries(1).getFirst();
        assertThat(created.event()).isEqualTo("message:created");
        assertThat(created.payload().fieldNames())
                .toIterable()
                .containsExactly("id", "operation", "schema", "table", "commit_timestamp", "record", "old_record");
        assertThat(created.payload().path("operation").asText()).isEqualTo("INSERT");
        assertThat(created.payload().path("schema").asText()).isEqualTo("public");
        assertThat(created.payload().path("table").asText()).isEqualTo("messages");
        assertThat(created.payload().path("record")).isEqualTo(row(message));
        assertThat(created.payload().path("old_record").isNull()).isTrue();
    }

    @Test
    void an_update_is_message_updated_with_both_rows() {
        SupabaseChannel channel = client.subscribe(conversation.channel());
        UUID message = conversation.say("first");
        JsonNode before = row(message);

        conversation.change(message, "content = 'second'");

        Delivery updated = channel.awaitEvent("message:updated");
        assertThat(updated.payload().path("operation").asText()).isEqualTo("UPDATE");
        assertThat(updated.payload().path("record")).isEqualTo(row(message));
        assertThat(updated.payload().path("old_record")).isEqualTo(before);
        assertThat(updated.record("content").asText()).isEqualTo("second");
        assertThat(updated.oldRecord("content").asText()).isEqualTo("first");
    }

    @Test
    void a_delete_is_message_deleted_with_the_old_row() {
        SupabaseChannel channel = client.subscribe(conversation.channel());
        UUID message = conversation.say("soon gone");
        JsonNode before = row(message);

        conversation.delete(message);

        Delivery deleted = channel.awaitEvent("message:deleted");
        assertThat(deleted.payload().path("operation").asText()).isEqualTo("DELETE");
        assertThat(deleted.payload().path("record").isNull()).isTrue();
        assertThat(deleted.payload().path("old_record")).isEqualTo(before);
    }

    @Test
    void the_commit_timestamp_is_the_time_of_the_commit_in_milliseconds() {
        SupabaseChannel channel = client.subscribe(conversation.channel());

        Instant before = Instant.now();
        conversation.say("now");

        String timestamp = channel.awaitDeliveries(1)
                .getFirst()
                .payload()
                .path("commit_timestamp")
                .asText();
        assertThat(timestamp).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Instant.parse(timestamp)).isCloseTo(before, within(5, ChronoUnit.SECONDS));
    }

    @Test
    void the_id_is_the_same_in_payload_and_meta_and_grows_with_the_history() {
        SupabaseChannel channel = client.subscribe(conversation.channel());

        UUID message = conversation.say("one");
        conversation.change(message, "status = 'read'");
        conversation.delete(message);

        List<Delivery> deliveries = channel.awaitDeliveries(5);
        assertThat(deliveries).allSatisfy(delivery -> {
            assertThat(delivery.id()).matches("[A-Za-z0-9._~-]{1,32}");
            assertThat(delivery.meta().path("id").asText()).isEqualTo(delivery.id());
        });
        assertThat(deliveries).extracting(Delivery::id).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "failed"})
    void a_status_yields_the_general_event_and_its_own_also_on_the_status_channel(String status) {
        SupabaseChannel channel = client.subscribe(conversation.channel());
        SupabaseChannel statusChannel = client.subscribe(conversation.channel("status"));
        UUID message = conversation.say("on its way");

        conversation.change(message, "status = '" + status + "'");
        conversation.change(message, "content = 'the status stays'");

        channel.awaitDeliveries(4);
        assertThat(channel.events())
                .containsExactly("message:created", "message:updated", "message:status:" + status, "message:updated");
        assertThat(statusChannel.awaitDeliveries(1).getFirst().record("status").asText())
                .isEqualTo(status);
        assertThat(statusChannel.events()).containsExactly("message:status:" + status);
    }

    @Test
    void a_read_message_also_yields_a_read_receipt() {
        SupabaseChannel channel = client.subscribe(conversation.channel());
        SupabaseChannel statusChannel = client.subscribe(conversation.channel("status"));
        UUID message = conversation.say("read me");

        conversation.change(message, "status = 'read'");

        channel.awaitDeliveries(4);
        assertThat(channel.events())
                .containsExactly("message:created", "message:updated", "message:status:read", "read:receipt");
        statusChannel.awaitDeliveries(1);
        assertThat(statusChannel.events()).contains("message:status:read");
    }

    @Test
    void the_widgets_channel_is_the_conversations_channel() {
        SupabaseChannel widget = client.subscribe(conversation.widgetChannel());

        UUID message = conversation.say("for both sides");

        Delivery created = widget.awaitDeliveries(1).getFirst();
        assertThat(created.event()).isEqualTo("message:created");
        assertThat(created.record("id").asText()).isEqualTo(message.toString());
    }

    @Test
    void a_broadcast_on_the_widgets_channel_reaches_the_conversations_subscribers() {
        try (SupabaseClient dashboard = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel seenByAgent = dashboard.subscribe(conversation.channel());
            SupabaseChannel widget = client.subscribe(conversation.widgetChannel());

            widget.send("typing:start", Map.of("userId", "visitor"));

            assertThat(seenByAgent
                            .awaitEvent("typing:start")
                            .payload()
                            .path("userId")
                            .asText())
                    .isEqualTo("visitor");
        }
    }

    @Test
    void a_message_reaches_its_own_conversation_only() {
        Conversation other = conversation.another();
        SupabaseChannel mine = client.subscribe(conversation.channel());
        SupabaseChannel others = client.subscribe(other.channel());

        conversation.say("mine");
        other.say("others");

        assertThat(others.awaitDeliveries(1).getFirst().record("content").asText())
                .isEqualTo("others");
        assertThat(mine.awaitDeliveries(1).getFirst().record("content").asText())
                .isEqualTo("mine");
        assertThat(mine.deliveryCount()).isEqualTo(1);
        assertThat(others.deliveryCount()).isEqualTo(1);
    }

    @Test
    void a_message_that_moves_disappears_there_and_appears_here_and_neither_side_sees_the_other() {
        Conversation other = conversation.another();
        SupabaseChannel from = client.subscribe(conversation.channel());
        SupabaseChannel to = client.subscribe(other.channel());
        UUID message = conversation.say("moving");

        conversation.change(message, "conversation_id = '" + other.id() + "'");

        Delivery gone = from.awaitEvent("message:deleted");
        assertThat(gone.payload().path("old_record")).isEqualTo(Json.read("{\"id\":\"" + message + "\"}"));
        Delivery here = to.awaitEvent("message:created");
        assertThat(here.payload().path("old_record").isNull()).isTrue();
        assertThat(here.record("content").asText()).isEqualTo("moving");
    }

    /** The row as Postgres itself writes it as JSON. */
    private JsonNode row(UUID message) {
        return Json.read(backend.database().value("SELECT to_jsonb(m)::text FROM messages m WHERE id = ?", message));
    }
}
