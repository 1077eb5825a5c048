package dev.campfire.realtime.mapping;

import static dev.campfire.realtime.mapping.TestTable.CONVERSATION;
import static dev.campfire.realtime.mapping.TestTable.OTHER_ORG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConversationEventsTest {

    private static final String ALICE = "a11ce000-0000-4000-8000-000000000001";
    private static final String BOB = "b0b00000-0000-4000-8000-000000000002";
    private static final List<String> UPDATED =
            List.of("conversation:updated org:conv", "conversation:updated org:conversations");

    private final TestTable conversations = TestTable.conversations(ReplicaIdentity.FULL);
    private final MappedEvents mapped = new MappedEvents();

    @Test
    void an_insert_is_created_on_its_channel_and_on_the_organisations_conversations() {
        assertThat(mapped.namesAndChannels(conversations.insert(conversations.row())))
                .containsExactly("conversation:created org:conv", "conversation:created org:conversations");
    }

    @Test
    void an_insert_tells_of_its_agent_and_its_handover() {
        Row row = conversations.row("assigned_agent_id", ALICE, "ai_handover_status", "requested");

        assertThat(mapped.namesAndChannels(conversations.insert(row)))
                .containsExactly(
                        "conversation:created org:conv",
                        "conversation:created org:conversations",
                        "conversation:assigned org:conv",
                        "conversation:assigned org:conversations",
                        "agent:assigned org:user:" + ALICE,
                        "ai:handover:requested org:conv",
                        "ai:handover:requested org:conv:handover");
    }

    @Test
    void an_update_of_anything_else_is_updated() {
        assertThat(namesAndChannels("status", "closed", "closed")).isEqualTo(UPDATED);
    }

    @ParameterizedTest
    @CsvSource({
        "open, closed, closed",
        "archived, closed, closed",
        "open, archived, archived",
        "closed, archived, archived",
        "closed, open, reopened",
        "archived, open, reopened"
    })
    void a_status_transition_is_its_own_event_and_updated(String before, String after, String event) {
        assertThat(namesAndChannels("status", before, after))
                .isEqualTo(updatedAnd(
                        "conversation:" + event + " org:conv", "conversation:" + event + " org:conversations"));
    }

    @ParameterizedTest
    @CsvSource({"open, snoozed", "snoozed, open", ", open", "open,"})
    void other_status_transitions_are_updated_alone(@Nullable String before, @Nullable String after) {
        assertThat(namesAndChannels("status", before, after)).isEqualTo(UPDATED);
    }

    @Test
    void an_assignment_goes_to_the_conversation_and_to_its_agent() {
        assertThat(namesAndChannels("assigned_agent_id", null, ALICE))
                .isEqualTo(updatedAnd(
                        "conversation:assigned org:conv",
                        "conversation:assigned org:conversations",
                        "agent:assigned org:user:" + ALICE));
    }

    @Test
    void the_end_of_an_assignment_goes_to_the_conversation_and_to_its_old_agent() {
        assertThat(namesAndChannels("assigned_agent_id", ALICE, null))
                .isEqualTo(updatedAnd(
                        "conversation:unassigned org:conv",
                        "conversation:unassigned org:conversations",
                        "agent:unassigned org:user:" + ALICE));
    }

    @Test
    void a_reassignment_is_the_end_of_one_and_then_another() {
        assertThat(namesAndChannels("assigned_agent_id", ALICE, BOB))
                .isEqualTo(updatedAnd(
                        "conversation:unassigned org:conv",
                        "conversation:unassigned org:conversations",
                        "agent:unassigned org:user:" + ALICE,
                        "conversation:assigned org:conv",
                        "conversation:assigned org:conversations",
                        "agent:assigned org:user:" + BOB));
    }

    @Test
    void an_agent_whose_id_is_malformed_is_counted_and_the_rest_goes_on() {
        assertThat(namesAndChannels("assigned_agent_id", null, "a:b"))
                .isEqualTo(updatedAnd("conversation:assigned org:conv", "conversation:assigned org:conversations"));
        assertThat(mapped.count(UnmappedReason.ID_MALFORMED)).isOne();
    }

    @ParameterizedTest
    @CsvSource({", requested", "requested, completed", "completed, requested"})
    void a_handover_goes_to_the_conversation_and_its_handover_channel(@Nullable String before, String after) {
        assertThat(namesAndChannels("ai_handover_status", before, after))
                .isEqualTo(updatedAnd(
                        "ai:handover:" + after + " org:conv", "ai:handover:" + after + " org:conv:handover"));
    }

    @Test
    void the_end_of_a_handover_without_a_result_is_updated_alone() {
        assertThat(namesAndChannels("ai_handover_status", "requested", null)).isEqualTo(UPDATED);
    }

    @Test
    void switching_the_ai_goes_to_the_conversation() {
        assertThat(namesAndChannels("ai_active", "f", "t")).isEqualTo(updatedAnd("ai:activated org:conv"));
        assertThat(namesAndChannels("ai_active", "t", "f")).isEqualTo(updatedAnd("ai:deactivated org:conv"));
    }

    @Test
    void everything_at_once_comes_in_a_fixed_order() {
        Row before = conversations.row("assigned_agent_id", ALICE, "status", "closed");
        Row after = conversations.row("assigned_agent_id", BOB, "ai_handover_status", "completed", "ai_active", "f");

        assertThat(mapped.namesAndChannels(conversations.update(before, after)))
                .isEqualTo(updatedAnd(
                        "conversation:reopened org:conv",
                        "conversation:reopened org:conversations",
                        "conversation:unassigned org:conv",
                        "conversation:unassigned org:conversations",
                        "agent:unassigned org:user:" + ALICE,
                        "conversation:assigned org:conv",
                        "conversation:assigned org:conversations",
                        "agent:assigned org:user:" + BOB,
                        "ai:handover:completed org:conv",
                        "ai:handover:completed org:conv:handover",
                        "ai:deactivated org:conv"));
    }

    @Test
    void without_the_old_row_no_transition_is_seen() {
        TestTable withoutOldRows = TestTable.conversations(ReplicaIdentity.DEFAULT);
        Row after =
                withoutOldRows.row("assigned_agent_id", ALICE, "status", "closed", "ai_handover_status", "requested");

        assertThat(mapped.namesAndChannels(withoutOldRows.update(null, after))).isEqualTo(UPDATED);
    }

    @Test
    void a_delete_is_archived_with_the_operation_delete_and_ends_the_assignment() {
        Change change = conversations.delete(conversations.row("assigned_agent_id", ALICE));

        assertThat(mapped.namesAndChannels(change))
                .containsExactly(
                        "conversation:archived org:conv",
                        "conversation:archived org:conversations",
                        "agent:unassigned org:user:" + ALICE);
        assertThat(mapped.of(change))
                .extracting(event -> MappedEvents.json(event).get("operation").asText())
                .containsOnly("DELETE");
    }

    @Test
    void a_conversation_that_moves_to_another_organisation_is_gone_there_and_created_here() {
        Row before = conversations.row("assigned_agent_id", ALICE);
        Row after = conversations.row("organization_id", OTHER_ORG, "status", "closed");

        List<Event> events = mapped.of(conversations.update(before, after));

        assertThat(mapped.namesAndChannels(conversations.update(before, after)))
                .containsExactly(
                        "conversation:archived org:conv",
                        "conversation:archived org:conversations",
                        "agent:unassigned org:user:" + ALICE,
                        "conversation:created org:" + OTHER_ORG + ":conv",
                        "conversation:created org:" + OTHER_ORG + ":conversations");
        assertThat(events.subList(0, 3))
                .extracting(event -> MappedEvents.json(event).get("old_record").toString())
                .containsOnly("{\"id\":\"" + CONVERSATION + "\"}");
        assertThat(events.subList(0, 3))
                .noneMatch(event -> MappedEvents.text(event).contains(OTHER_ORG));
        assertThat(events.subList(3, 5))
                .noneMatch(event -> MappedEvents.text(event).contains(ALICE));
    }

    private List<String> namesAndChannels(String column, @Nullable String before, @Nullable String after) {
        return mapped.namesAndChannels(
                conversations.update(conversations.row(column, before), conversations.row(column, after)));
    }

    private static List<String> updatedAnd(String... more) {
        return Stream.concat(UPDATED.stream(), Stream.of(more)).toList();
    }
}
