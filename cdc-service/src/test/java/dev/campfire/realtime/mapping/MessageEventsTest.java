package dev.campfire.realtime.mapping;

import static dev.campfire.realtime.mapping.TestTable.CONVERSATION;
import static dev.campfire.realtime.mapping.TestTable.MESSAGE;
import static dev.campfire.realtime.mapping.TestTable.ORG;
import static dev.campfire.realtime.mapping.TestTable.OTHER_CONVERSATION;
import static dev.campfire.realtime.mapping.TestTable.OTHER_ORG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageEventsTest {

    private final TestTable messages = TestTable.messages(ReplicaIdentity.FULL);
    private final MappedEvents mapped = new MappedEvents();

    @Test
    void an_insert_is_created_on_the_conversations_channel() {
        Event event = mapped.of(messages.insert(messages.row())).getFirst();

        assertThat(event.channel()).isEqualTo("org:" + ORG + ":conv:" + CONVERSATION);
        assertThat(event.name()).isEqualTo("message:created");
        assertThat(event.commitTime()).isEqualTo(TestTable.COMMIT_TIME);
    }

    @Test
    void an_insert_is_nothing_but_created_whatever_its_status() {
        assertThat(mapped.namesAndChannels(messages.insert(messages.row("status", "read"))))
                .containsExactly("message:created org:conv");
    }

    @Test
    void a_delete_is_deleted_on_the_conversations_channel() {
        assertThat(mapped.namesAndChannels(messages.delete(messages.row())))
                .containsExactly("message:deleted org:conv");
    }

    @Test
    void an_update_that_leaves_the_status_alone_is_updated() {
        Row before = messages.row("status", "read");
        Row after = messages.row("status", "read", "content", "edited");

        assertThat(mapped.namesAndChannels(messages.update(before, after))).containsExactly("message:updated org:conv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "failed"})
    void a_status_transition_is_its_own_event_and_updated(String status) {
        assertThat(mapped.namesAndChannels(messages.update(messages.row(), messages.row("status", status))))
                .containsExactly(
                        "message:updated org:conv",
                        "message:status:" + status + " org:conv",
                        "message:status:" + status + " org:conv:status");
    }

    @Test
    void a_transition_to_read_is_a_read_receipt_too() {
        Change change = messages.update(messages.row("status", null), messages.row("status", "read"));

        assertThat(mapped.namesAndChannels(change))
                .containsExactly(
                        "message:updated org:conv",
                        "message:status:read org:conv",
                        "message:status:read org:conv:status",
                        "read:receipt org:conv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sent", "seen", "", "READ"})
    void a_transition_to_another_status_is_updated_alone(String status) {
        Change change = messages.update(messages.row("status", "delivered"), messages.row("status", status));

        assertThat(mapped.namesAndChannels(change)).containsExactly("message:updated org:conv");
    }

    @Test
    void without_the_old_row_no_transition_is_seen() {
        TestTable withoutOldRows = TestTable.messages(ReplicaIdentity.DEFAULT);

        assertThat(mapped.namesAndChannels(withoutOldRows.update(null, withoutOldRows.row("status", "read"))))
                .containsExactly("message:updated org:conv");
    }

    @Test
    void an_old_key_alone_shows_no_transition() {
        TestTable withoutOldRows = TestTable.messages(ReplicaIdentity.DEFAULT);
        Row oldKey = withoutOldRows.row("status", "invented", "organization_id", OTHER_ORG);

        assertThat(mapped.namesAndChannels(withoutOldRows.update(oldKey, withoutOldRows.row("status", "read"))))
                .containsExactly("message:updated org:conv");
    }

    @Test
    void a_status_that_was_left_out_of_the_new_row_has_not_changed() {
        Row before = messages.row("status", "read");

        assertThat(mapped.namesAndChannels(messages.update(before, messages.withUnchanged(before, "status"))))
                .containsExactly("message:updated org:conv");
    }

    @Test
    void the_events_of_a_change_are_numbered_from_zero() {
        List<Event> events = mapped.of(messages.update(messages.row(), messages.row("status", "read")));

        assertThat(events)
                .extracting(Event::position)
                .containsExactly(
                        new Position(TestTable.ID, 0),
                        new Position(TestTable.ID, 1),
                        new Position(TestTable.ID, 2),
                        new Position(TestTable.ID, 3));
    }

    @Test
    void the_same_change_gives_the_same_events_again() {
        Change change = messages.update(messages.row(), messages.row("status", "read"));

        assertThat(mapped.of(change))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(new MappedEvents().of(change));
    }

    @Test
    void a_message_that_moves_is_deleted_where_it_was_and_created_where_it_is() {
        Row after = messages.row("organization_id", OTHER_ORG, "conversation_id", OTHER_CONVERSATION, "status", "read");

        assertThat(mapped.namesAndChannels(messages.update(messages.row(), after)))
                .containsExactly(
                        "message:deleted org:conv", "message:created org:" + OTHER_ORG + ":conv:" + OTHER_CONVERSATION);
    }

    @Test
    void neither_side_of_a_move_sees_the_others_row() {
        Row before = messages.row("content", "of the old");
        Row after = messages.row("content", "of the new", "organization_id", OTHER_ORG);

        List<Event> events = mapped.of(messages.update(before, after));

        assertThat(MappedEvents.text(events.getFirst())).doesNotContain("of the", OTHER_ORG);
        assertThat(MappedEvents.json(events.getFirst()).get("record").isNull()).isTrue();
        assertThat(MappedEvents.json(events.getFirst()).get("old_record")).hasToString("{\"id\":\"" + MESSAGE + "\"}");
        assertThat(MappedEvents.json(events.getFirst()).get("operation").asText())
                .isEqualTo("DELETE");
        assertThat(MappedEvents.text(events.getLast())).contains("of the new").doesNotContain("of the old", ORG);
        assertThat(MappedEvents.json(events.getLast()).get("old_record").isNull())
                .isTrue();
        assertThat(MappedEvents.json(events.getLast()).get("operation").asText())
                .isEqualTo("INSERT");
    }

    @Test
    void a_message_that_moves_to_nowhere_is_deleted_where_it_was() {
        Row after = messages.row("conversation_id", null);

        assertThat(mapped.namesAndChannels(messages.update(messages.row(), after)))
                .containsExactly("message:deleted org:conv");
        assertThat(mapped.count(UnmappedReason.ID_NULL)).isOne();
    }

    @Test
    void a_message_that_comes_from_nowhere_is_created_where_it_is() {
        Row before = messages.row("conversation_id", null);

        assertThat(mapped.namesAndChannels(messages.update(before, messages.row())))
                .containsExactly("message:created org:conv");
    }
}
